"""Articles 3-7: markers and the clear-view strip."""

from collections.abc import Mapping

from agreement.rules.rule import AtLeast, Flag, Known, OneOf, Rule
from schemas.codebook import Kind, Label, Outcome
from schemas.facts import Fact

REPAIR_NOTICE_DAYS = 10
"""Article 5(2): days between the notice and the work."""


def marker_damaged(f: Known) -> Outcome:
    """5(1) where somebody meant it; what nature did is for both sides to confirm and repair under 5(2)."""
    return Outcome.BREACH if f["cause"] == "deliberate" else Outcome.BORDER_EVENT


def by_a_hand(kind: Kind, outcome: Outcome, facts: Mapping[str, Fact]) -> bool:  # noqa: ARG001  # the shape of `Rule.item_when`
    """Item 1 speaks of destroying, moving and stealing, which nature does not do."""
    return outcome is not Outcome.BORDER_EVENT


def marker_repaired(f: Known) -> Outcome:
    """5(2): ten days' notice, and in place."""
    return Outcome.NO_BREACH if f["notice_days"] >= REPAIR_NOTICE_DAYS and f["in_place"] else Outcome.BREACH


def strip_used(f: Known) -> Outcome:
    """7(3): nothing in the clear-view strip unless agreed."""
    return Outcome.EXEMPT if f["agreed"] else Outcome.BREACH


RULES = (
    Rule(
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
        tells=("state",),
        says={
            Outcome.BORDER_EVENT: Label(
                "không bên nào vi phạm, hai bên cùng xác nhận và khôi phục theo Điều 5(2)",
                "no side broke the clause; both confirm the facts and it is repaired under Article 5(2)",
            ),
        },
    ),
    Rule(
        id="5.2.marker_repair",
        clause="5(2)",
        kinds=(Kind.MARKER_REPAIR,),
        title=Label("sửa chữa, khôi phục mốc giới", "repair or rebuilding of a marker"),
        asks={"notice_days": AtLeast(REPAIR_NOTICE_DAYS), "in_place": Flag()},
        decide=marker_repaired,
        limit="notice_days >= 10",
    ),
    Rule(
        id="7.3.clear_strip",
        clause="7(3)",
        kinds=(Kind.CLEAR_STRIP,),
        title=Label("hoạt động trong đường thông tầm nhìn biên giới", "activity in the clear-view strip"),
        asks={"agreed": Flag()},
        decide=strip_used,
        tells=("activity",),
    ),
)
