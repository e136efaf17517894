"""Days, places and kinds outside every rule, each with the reason a finding gives."""

from datetime import date

from agreement.packs import IN_FORCE
from schemas.codebook import Outcome, Side
from schemas.sound import AnyPlace
from schemas.verdicts import Explanation, Finding

LINE = "VN-CN"

_REASONS: dict[str, Explanation] = {
    "scope.event": Explanation(
        "Sự kiện này không phải báo cáo một vụ việc trọn vẹn nên không xét riêng.",
        "This event is not a whole incident, so it is not judged alone.",
    ),
    "scope.before": Explanation(
        "Xảy ra trước ngày Hiệp định có hiệu lực (14/7/2010).",
        "It occurred before the Agreement entered into force (14/7/2010).",
    ),
    "scope.line": Explanation(
        "Không thuộc đường biên giới Việt Nam – Trung Quốc.",
        "It is not on the Vietnam–China line.",
    ),
    "scope.sea": Explanation(
        "Xảy ra trên biển, ngoài phạm vi Hiệp định về quy chế quản lý biên giới trên đất liền.",
        "It occurred at sea, outside the Agreement on the land border.",
    ),
    "scope.kind": Explanation(
        "Loại việc này được ghi nhận, không có quy định nào của Hiệp định để xét.",
        "Matters of this kind are recorded; no rule of the Agreement looks at them.",
    ),
    "scope.nature": Explanation(
        "Do thiên nhiên gây ra: không bên nào vi phạm quy định của Hiệp định.",
        "It was caused by nature, which breaks no clause of the Agreement.",
    ),
}


def outside(day: date, place: AnyPlace) -> str | None:
    """The id of the reason for which no rule applies to a day or place; None where rules do."""
    if day < IN_FORCE:
        return "scope.before"
    if place.scheme == "marker":
        return None if place.line == LINE else "scope.line"
    return "scope.sea" if place.scheme == "sea" else None


def not_applicable(reason: str, *, side: Side, markers: tuple[str, ...] = ()) -> Finding:
    """The only finding of a verdict that is not applicable."""
    return Finding(
        rule_id=reason,
        clause=None,
        article39=None,
        outcome=Outcome.NOT_APPLICABLE,
        side=side,
        markers=markers,
        facts={},
        missing=(),
        limit=None,
        explanation=_REASONS[reason],
    )
