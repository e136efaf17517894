"""A report beside those issued before: its own last version, and the shorter periods it is made of."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, text

from agreement.periods import Period
from reports.audit.naming import some
from reports.model import Check, Figure, Report, Severity
from texts.wording import number, padded

_ISSUED = """
SELECT DISTINCT ON (period) period, version, report -> 'figures' AS figures FROM issued_report
WHERE unit = :unit AND regime = :regime AND issued_at <= :as_of ORDER BY period, version DESC
"""
_OF_A_MOMENT = ("open.", "posts.")
"""Figures that are not added up over periods, and move by themselves."""
_SHOWN = 8
_GRAINS = {1: "tháng", 3: "quý", 6: "nửa năm", 12: "năm"}

Values = dict[str, float | None]


@dataclass(frozen=True, slots=True)
class Before:
    """A report as it was issued."""

    period: Period
    version: int
    values: Values


def issued_before(connection: Connection, report: Report) -> Iterable[Check]:
    """What moved since the last version, and where the issued parts of the period do not add up to it."""
    earlier = _earlier(connection, report)
    values = _values(report.figures)
    yield from (_moved(values, before) for before in earlier if before.period.id == report.period and _moves(values, before))
    for months, grain in _GRAINS.items():
        parts = [before for before in earlier if before.period.length == months and _lies_in(before.period, report.span)]
        if parts:
            yield from _added_up(values, parts, f"{padded(len(parts))} {grain}", whole=months * len(parts) == report.span.length)


def _earlier(connection: Connection, report: Report) -> list[Before]:
    parameters = {"unit": report.unit, "regime": report.regime.value, "as_of": report.as_of}
    return [
        Before(Period.parse(period, report.regime), version, _values(_read(figures)))
        for period, version, figures in connection.execute(text(_ISSUED), parameters)
    ]


def _read(figures: Any) -> list[Figure]:
    return [Figure.model_validate(figure) for figure in (json.loads(figures) if isinstance(figures, str) else figures)]


def _values(figures: Iterable[Figure]) -> Values:
    """The values to compare and to add up. What nobody was heard on adds nothing; None is suppressed."""
    return {figure.id: 0 if figure.unheard else figure.value for figure in figures if not figure.id.startswith(_OF_A_MOMENT)}


def _moves(values: Mapping[str, float | None], before: Before) -> list[str]:
    """Figures whose values differ; a suppressed one is left out."""
    pairs = {figure: (values.get(figure, 0), before.values.get(figure, 0)) for figure in dict.fromkeys((*values, *before.values))}
    return [figure for figure, (now, then) in pairs.items() if None not in (now, then) and now != then]


def _moved(values: Mapping[str, float | None], before: Before) -> Check:
    moves = _moves(values, before)
    shown = [f"{figure}: {number(before.values.get(figure) or 0)} → {number(values.get(figure) or 0)}" for figure in moves]
    named = some(shown, most=_SHOWN, between="; ")
    message = (
        f"{padded(len(moves))} số liệu khác báo cáo đã ban hành (bản {before.version}): {named}; phát hành lại thì kèm phụ lục điều chỉnh"
    )
    return Check(code="moved_since_issue", severity=Severity.REVIEW, message=message, subjects=tuple(moves))


def _added_up(values: Mapping[str, float | None], parts: Sequence[Before], name: str, *, whole: bool) -> Iterable[Check]:
    """Where the parts are the whole period, both sums must be the same; where they are some of it, they cannot be more."""
    wrong: dict[str, tuple[float, float]] = {}
    for figure in dict.fromkeys((*values, *(figure for part in parts for figure in part.values))):
        issued = [part.values.get(figure, 0) for part in parts]
        ours = values.get(figure, 0)
        shown = [value for value in issued if value is not None]
        if ours is None or len(shown) != len(issued):
            continue  # a suppressed number is not to be worked out from the others
        total = round(sum(shown), 6)
        if total > round(ours, 6) or (whole and total != round(ours, 6)):
            wrong[figure] = (total, ours)
    if wrong:
        pairs = [f"{figure}: {number(total)} {'≠' if whole else '>'} {number(ours)}" for figure, (total, ours) in wrong.items()]
        message = f"Cộng báo cáo {name} đã ban hành không khớp số của kỳ này: {some(pairs, most=_SHOWN, between='; ')}"
        yield Check(code="parts_issued", severity=Severity.REVIEW, message=message, subjects=tuple(wrong))


def _lies_in(part: Period, whole: Period) -> bool:
    return part.length < whole.length and whole.first <= part.first and part.last <= whole.last
