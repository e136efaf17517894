"""Article 22: border-area permits."""

from agreement.rules.fixture import AT_SEA, BEFORE, border_event, silent
from agreement.rules.rule import NOTHING, Known, Rule
from agreement.rules.steps import MATTER, OPEN
from schemas.codebook import Kind, Label, Outcome, Side


def permit_matter(f: Known) -> Outcome:  # noqa: ARG001  # the shape of `Rule.decide`
    """22: a matter of permits is for both sides' bodies, and breaks nothing by itself."""
    return Outcome.BORDER_EVENT


RULE = Rule(
    id="22.permit",
    clause="22",
    kinds=(Kind.PERMIT,),
    title=Label("việc về giấy thông hành xuất nhập cảnh vùng biên giới", "a matter of border-area permits"),
    asks={},
    decide=permit_matter,
    border_clause="22",
    by_nature=NOTHING,
    runbook=(
        OPEN,
        Label(
            "Giấy bị mất: hướng dẫn người được cấp báo cơ quan tại chỗ; giấy giả, hết hạn hoặc dùng giấy của người khác: lập biên bản, ghi vào {text}.",
            "Lost: the holder reports it to the local authority; forged, expired or another's: minute it and say so in {text}.",
        ),
        Label(
            "Người không có giấy hợp lệ qua {place} thì gửi thêm vụ việc loại crossing.",
            "Whoever crossed at {place} without a valid one is a case of kind crossing too.",
        ),
        *MATTER,
    ),
    fixtures=(border_event(), border_event(side=Side.NATURAL), silent(kind=Kind.LETTER), BEFORE, AT_SEA),
)
