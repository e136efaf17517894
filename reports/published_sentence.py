"""The sentence on what was published of a period and no event counts: `đoàn ra: 53 đoàn/505 lượt người, tăng 03 đoàn so với …`. Pure."""

from collections.abc import Mapping

from agreement.published_families import PERSONS, PLAN
from reports.model import PublishedOnly, Report
from texts.wording import compared, counted, number, same_period

_OF_PERSONS = ".persons"


def published_only(report: Report) -> str | None:
    """Each figure with its persons, its plan and the year before; what it divides into is in the table. None where nothing was published."""
    by_id = {total.figure: total for total in report.published_only}
    texts = [_text(report, total, by_id) for total in by_id.values() if not _is_with_another(total.figure, by_id)]
    return f"Số liệu đã công bố của {report.span.name} gồm {'; '.join(texts)}" if texts else None


def _is_with_another(figure: str, by_id: Mapping[str, PublishedOnly]) -> bool:
    """Whether it is the plan, the persons or another part of one that is published too."""
    return figure.removeprefix(PLAN) in by_id.keys() - {figure} or any(figure.startswith(f"{other}.") for other in by_id)


def _text(report: Report, total: PublishedOnly, by_id: Mapping[str, PublishedOnly]) -> str:
    label = total.label[:1].lower() + total.label[1:]
    if total.figure.startswith(PLAN):
        return f"{label}: {number(total.value)}%"
    persons, plan = by_id.get(total.figure + _OF_PERSONS), by_id.get(PLAN + total.figure)
    parts = [f"{label}: {counted(total.value, total.unit)}" + (f"/{counted(persons.value, PERSONS)}" if persons else "")]
    parts += [f"đạt {number(plan.value)}% kế hoạch"] if plan else []
    if total.before is not None:
        parts.append(compared(total.unit, total.value, total.before, earlier=same_period(report.span.before)))
    return ", ".join(parts)
