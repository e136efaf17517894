"""Where a report's figures and what was counted again are not the same: each difference with both values and whose it is. All are errors."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal

from reports.audit.recount import Recounted
from reports.audit.recount_crossings import Subtotals
from reports.audit.recount_figures import Tally, months_of, side_of
from reports.model import Check, Figure, Report, Row, Severity, Subtotal
from schemas.codebook import Outcome
from texts.wording import number, padded

_ELSEWHERE = ("crossing.", "posts.", "open.dead_letters", "open.conflicts", "open.corrections")
"""Figures that are not of the incidents that count."""
_SHOWN = 5
"""Subjects named in a sentence; all of them stand beside it."""

_FIELDS: Mapping[str, Callable[[Row], object]] = {
    "loại việc": lambda row: row.kind,
    "kết luận": lambda row: row.outcome,
    "phía": lambda row: row.side,
    "điều khoản": lambda row: row.clauses,
    "mục Điều 39": lambda row: row.article39,
    "mốc": lambda row: row.markers,
    "tỉnh": lambda row: row.province,
    "huyện": lambda row: row.district,
    "xã": lambda row: row.commune,
    "thời gian": lambda row: (row.occurred, row.precision),
}


def incident_differences(report: Report, incidents: Sequence[Recounted], tallies: Mapping[str, Tally]) -> Iterable[Check]:
    """Figures on incidents, by figure; a figure of which there is nothing to count again too."""
    printed: dict[str, Figure] = {}
    for figure in report.figures:
        if figure.id in printed:
            yield _error("figure_twice", f"Số liệu {figure.id} có hai lần trong báo cáo", (figure.id,))
        elif not figure.id.startswith(_ELSEWHERE):
            printed[figure.id] = figure
    both = [(one, printed.get(one), tallies.get(one, Tally())) for one in (*printed, *sorted(tallies.keys() - printed.keys()))]
    wrong = [one for one in both if not _agree(*one[1:])]
    changed = _changed(report.rows, incidents) if wrong else set()
    yield from (_difference(*one, changed) for one in wrong)


def row_differences(report: Report, incidents: Sequence[Recounted]) -> Iterable[Check]:
    """The event list behind the figures, by column; incidents that stand on one side only."""
    listed, again = {row.subject for row in report.rows}, {one.subject for one in incidents}
    if missing := sorted(again - listed):
        yield _error(
            "row_recount", f"{_cases(missing)} được tính theo tin gốc nhưng không có trong hồ sơ của kỳ: {_some(missing)}", missing
        )
    if surplus := sorted(listed - again):
        yield _error(
            "row_recount", f"{_cases(surplus)} có trong hồ sơ của kỳ nhưng theo tin gốc không được tính: {_some(surplus)}", surplus
        )
    for name, told in _differing(report.rows, incidents).items():
        pairs = "; ".join(f"{subject}: {ours} ≠ {again_}" for subject, (ours, again_) in list(told.items())[:_SHOWN])
        more = "; …" if len(told) > _SHOWN else ""
        yield _error("row_recount", f"Cột “{name}” của {_cases(told)} khác kết quả tính lại từ tin gốc: {pairs}{more}", tuple(told))


def month_differences(report: Report, incidents: Sequence[Recounted]) -> Iterable[Check]:
    """The chart's bars."""
    again = months_of(incidents, report.span)
    for month in report.months:
        ours = {side: n for side, n in month.sides.items() if n}
        if ours != again.get(month.id, {}):
            shown = f"báo cáo {_sides(ours)}, tính lại {_sides(again.get(month.id, {}))}"
            yield _error(
                "month_recount", f"Số vụ vi phạm tháng {month.id} theo phía khác kết quả tính lại từ tin gốc: {shown}", (month.id,)
            )


def crossing_differences(report: Report, again: Mapping[str, Subtotals]) -> Iterable[Check]:
    """Figures of what passed the gates, and every subtotal of theirs."""
    printed = {figure.id: figure for figure in report.figures if figure.id.startswith("crossing.")}
    for figure_id in (*printed, *sorted(again.keys() - printed.keys())):
        figure, subtotals = printed.get(figure_id), again.get(figure_id, {})
        ours = {(one.gate, one.direction): (one.rows, one.n) for one in figure.subjects if isinstance(one, Subtotal)} if figure else {}
        theirs = {key: (rows, float(n)) for key, (rows, n) in subtotals.items()}
        total = sum((n for _, n in subtotals.values()), Decimal(0))
        value = figure.value if figure is not None and figure.value is not None else 0
        gates = sorted(key for key in {*ours, *theirs} if ours.get(key) != theirs.get(key))
        if gates or value != float(total):
            told = "; ".join(
                f"{gate} {way}: {_subtotal(ours.get((gate, way)))} ≠ {_subtotal(theirs.get((gate, way)))}" for gate, way in gates
            )
            message = f"Số liệu {figure_id}: báo cáo {number(value)}, tính lại từ tin gốc {number(total)}" + (f" ({told})" if told else "")
            yield _error("recount", message, tuple(f"{gate} {way}" for gate, way in gates))


def unaccounted(incidents: Iterable[Recounted]) -> Iterable[Check]:
    """Incidents whose version in the record was not made from exactly their events."""
    if lost := [one.subject for one in incidents if one.unaccounted]:
        message = f"Hồ sơ của {_cases(lost)} không được lập từ đúng các tin đã ghi nhận: {_some(lost)}; cần chạy mocgioi db rebuild"
        yield _error("events_unaccounted", message, lost)


def _agree(figure: Figure | None, tally: Tally) -> bool:
    if figure is not None and figure.value is None:
        return float(tally.n) != 0  # a suppressed number is never given away: only that there is nothing behind it can be said
    return (0 if figure is None else figure.value) == float(tally.n) and _behind(figure) == tally.subjects


def _difference(figure_id: str, figure: Figure | None, tally: Tally, changed: set[str]) -> Check:
    if figure is not None and figure.value is None:
        return _error("recount", f"Số liệu {figure_id} được giấu vì nhỏ, nhưng tính lại từ tin gốc bằng 0", ())
    ours, value = _behind(figure), 0 if figure is None or figure.value is None else figure.value
    apart = ours ^ tally.subjects
    concerned = sorted(apart or changed & ours or ours)
    name = f"{figure_id} ({figure.label})" if figure is not None else figure_id
    message = f"Số liệu {name}: báo cáo {number(value)}, tính lại từ tin gốc {number(tally.n)}; vụ việc liên quan: {_some(concerned)}"
    return _error("recount", message, concerned)


def _behind(figure: Figure | None) -> set[str]:
    return set() if figure is None else {one for one in figure.subjects if isinstance(one, str)}


def _changed(rows: Iterable[Row], incidents: Sequence[Recounted]) -> set[str]:
    """Incidents on one side only, or with rows that differ."""
    alone = {one.subject for one in incidents}.symmetric_difference(row.subject for row in rows)
    return alone.union(*_differing(rows, incidents).values())


def _differing(rows: Iterable[Row], incidents: Iterable[Recounted]) -> dict[str, dict[str, tuple[str, str]]]:
    """By column, the incidents whose rows differ, with what stands in the report and what came out again."""
    again = {one.subject: one for one in incidents}
    found: dict[str, dict[str, tuple[str, str]]] = {}
    for row in rows:
        if row.subject in again:
            ours, theirs = tuple(field(row) for field in _FIELDS.values()), _fields(again[row.subject])
            if ours != theirs:
                for name, our, their in zip(_FIELDS, ours, theirs, strict=True):
                    if our != their:
                        found.setdefault(name, {})[row.subject] = (_plain(our), _plain(their))
    return found


def _fields(one: Recounted) -> tuple[object, ...]:
    """What the columns of `_FIELDS` hold of an incident counted again."""
    place, occurred, counted = one.incident.place, one.incident.occurred, one.effective
    side = side_of(one) if counted.outcome is Outcome.BREACH else counted.side
    return (
        *(one.incident.kind, counted.outcome, side, counted.clauses, counted.article39, one.markers, one.province),
        *(None if place is None else place.district, None if place is None else place.commune),
        None if occurred is None else (occurred.start, occurred.precision),
    )


def _plain(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or "không có"
    return "không có" if value is None else str(value)


def _sides(sides: Mapping[str, int]) -> str:
    return ", ".join(f"{side} {padded(n)}" for side, n in sorted(sides.items())) or "0"


def _subtotal(one: tuple[int, float] | None) -> str:
    return "không có" if one is None else f"{number(one[1])} trong {one[0]} dòng"


def _cases(subjects: Iterable[str]) -> str:
    return f"{padded(len(list(subjects)))} vụ"


def _some(subjects: Sequence[str]) -> str:
    shown = ", ".join(subjects[:_SHOWN])
    return f"{shown}, …" if len(subjects) > _SHOWN else shown or "không có"


def _error(code: str, message: str, subjects: Iterable[str]) -> Check:
    return Check(code=code, severity=Severity.ERROR, message=message, subjects=tuple(subjects))
