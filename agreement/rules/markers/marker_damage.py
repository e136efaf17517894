"""Article 5(1): a marker damaged, moved, lost or stolen."""

from collections.abc import Mapping

from agreement.phrases import phrase
from agreement.rules.asks import OneOf
from agreement.rules.fixture import AT_SEA, asking, border_event, breach
from agreement.rules.rule import Known, Rule
from agreement.rules.steps import ACCUSED, OPEN, ask
from schemas.codebook import Kind, Label, Outcome, Side
from schemas.facts import Fact


def marker_damaged(f: Known) -> Outcome:
    """5(1) where somebody meant it; what nature did is for both sides to confirm and repair under 5(2)."""
    return Outcome.BREACH if f["cause"] == "deliberate" else Outcome.BORDER_EVENT


def by_a_hand(kind: Kind, outcome: Outcome, facts: Mapping[str, Fact]) -> bool:  # noqa: ARG001  # the shape of `Rule.item_when`
    """Item 1 speaks of destroying, moving and stealing, which nature does not do."""
    return outcome is not Outcome.BORDER_EVENT


RULE = Rule(
    id="5.1.marker_damage",
    clause="5(1)",
    kinds=(Kind.MARKER_DAMAGE,),
    title=Label("mốc giới bị hư hại, dịch chuyển hoặc mất", "a marker damaged, moved or lost"),
    asks={"cause": OneOf(("deliberate", "natural"))},
    decide=marker_damaged,
    item=1,
    item_when=by_a_hand,
    border_clause="5(2)",
    by_nature={"cause": "natural"},
    mentions=("state",),
    scene=(
        phrase("mốc giới ", "a boundary marker "),
        phrase("{state}", "{state}"),
        phrase("bị hư hại, dịch chuyển hoặc mất", "damaged, moved or lost", state=None),
        phrase(" {cause}", " {cause}"),
    ),
    ends={
        Outcome.BREACH: phrase("vi phạm nghĩa vụ bảo vệ mốc giới", "a breach of the duty to protect markers"),
        Outcome.BORDER_EVENT: phrase(
            "không bên nào vi phạm, hai bên cùng xác nhận hiện trường và khôi phục mốc theo Điều 5(2)",
            "no side broke the clause; both confirm the facts and the marker is restored under Article 5(2)",
        ),
    },
    exceptions=(
        Label(
            "Điều 5(2): mốc hư hại do thiên nhiên không phải vi phạm; hai bên xác nhận và bên phụ trách khôi phục",
            "Article 5(2): damage by nature is no breach; both sides confirm it and the side responsible restores the marker",
        ),
    ),
    runbook=(
        OPEN,
        ask(
            "cause", "xem vết tác động (đục, kéo, xe cơ giới) hay dấu lũ, sạt lở quanh mốc", "look for tool marks or for flood and landslip"
        ),
        Label(
            "Báo phía bên kia sớm nhất có thể về {place} để hai bên cùng xác nhận; ảnh và tọa độ để ở đồn, tên tệp trong {attachments}.",
            "Tell the other side of {place} as soon as possible so that both confirm it; photographs and coordinates stay at the post, named in "
            "{attachments}.",
        ),
        *ACCUSED,
    ),
    fixtures=(
        breach(cause="deliberate", state="moved"),
        border_event(cause="natural", state="moved"),
        border_event(state="damaged", side=Side.NATURAL),
        asking("cause", cause="unknown", state="lost"),
        asking("cause"),
        AT_SEA,
    ),
)
