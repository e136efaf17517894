"""Article 26: restriction or suspension of crossing. Whether in advance is a post's word: no term was seen."""

from agreement.phrases import phrase
from agreement.rules.asks import Flag
from agreement.rules.fixture import AT_SEA, asking, breach, kept
from agreement.rules.rule import Known, Rule
from agreement.rules.steps import ACCUSED, OPEN, ask
from schemas.codebook import Kind, Label, Outcome


def gate_restricted(f: Known) -> Outcome:
    """26: the other side is told in advance."""
    return Outcome.NO_BREACH if f["notified_in_advance"] else Outcome.BREACH


RULE = Rule(
    id="26.gate_restriction",
    clause="26",
    kinds=(Kind.GATE_RESTRICTION,),
    title=Label("hạn chế, tạm dừng qua lại cửa khẩu", "restriction or suspension at a gate"),
    asks={"notified_in_advance": Flag()},
    decide=gate_restricted,
    scene=phrase("hạn chế hoặc tạm dừng qua lại cửa khẩu", "restriction or suspension of crossing at a gate"),
    ends={
        Outcome.BREACH: phrase("vi phạm vì {notified_in_advance}", "a breach because the other side was {notified_in_advance}"),
        Outcome.NO_BREACH: phrase(
            "đúng quy định vì {notified_in_advance}", "as the clause requires, because the other side was {notified_in_advance}"
        ),
    },
    runbook=(
        OPEN,
        ask(
            "notified_in_advance", "hỏi Sở Ngoại vụ về thông báo trước của bên kia", "ask the department of foreign affairs about a notice"
        ),
        Label(
            "Ghi cửa khẩu, chiều qua lại và thời gian hạn chế {occurred}; báo Ban Quản lý cửa khẩu và doanh nghiệp đang chờ tại {place}.",
            "Put gate, direction and times {occurred} down; tell the gate's management and the traders waiting at {place}.",
        ),
        *ACCUSED,
    ),
    fixtures=(breach(notified_in_advance=False), kept(notified_in_advance=True), asking("notified_in_advance"), AT_SEA),
)
