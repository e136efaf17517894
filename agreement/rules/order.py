"""Articles 22-27: crossing and order."""

from agreement.rules.rule import NOTHING, Flag, Known, Rule
from schemas.codebook import Kind, Label, Outcome


def permit_matter(f: Known) -> Outcome:  # noqa: ARG001  # the shape of `Rule.decide`
    """22: a matter of permits is for both sides' bodies, and breaks nothing by itself."""
    return Outcome.BORDER_EVENT


def gate_restricted(f: Known) -> Outcome:
    """26: the other side is told in advance."""
    return Outcome.NO_BREACH if f["notified_in_advance"] else Outcome.BREACH


RULES = (
    Rule(
        id="22.permit",
        clause="22",
        kinds=(Kind.PERMIT,),
        title=Label("giấy thông hành xuất nhập cảnh vùng biên giới", "a border-area permit"),
        asks={},
        decide=permit_matter,
        border_clause="22",
        by_nature=NOTHING,
    ),
    Rule(
        id="26.gate_restriction",
        clause="26",
        kinds=(Kind.GATE_RESTRICTION,),
        title=Label("hạn chế, tạm dừng qua lại cửa khẩu", "restriction or suspension at a gate"),
        asks={"notified_in_advance": Flag()},
        decide=gate_restricted,
    ),
)
