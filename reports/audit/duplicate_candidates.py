"""Incidents that may be one and the same, reported twice: the likeliest double count. Pure.

Suspected are two incidents of one kind, reported by different devices, in the same night, near each other on the line, at one gate, or, where no
marker is stated, in one commune or district. One device is suspected only where it reported the very same time and place twice. Whether an officer
has looked at one of them changes nothing: only a retraction ends a double count.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from agreement.incident import Incident
from agreement.scope import LINE
from border import markers
from border.gates import gates
from border.names import fold
from reports.audit.naming import gate_name, moment, source_name
from reports.audit.rebuilding import RebuiltIncident
from reports.checks import SPANS
from reports.figures.counted import counts
from reports.model import Check, Severity
from schemas.codebook import KIND_LABELS, Outcome
from schemas.sound import AnyPlace
from schemas.verdicts import IncidentState
from texts.wording import padded

NIGHT = timedelta(hours=12)
"""How far apart two reports of one matter may be, after what their precision leaves open."""
FEW = 3
"""Main markers: `1088/2` and `1091` are this far apart."""
_CELL = 8
_GATE, _COMMUNE, _DISTRICT = "gate ", "commune ", "district "


@dataclass(frozen=True, slots=True, eq=False)
class _Candidate:
    """What of an incident is compared."""

    subject: str
    incident: Incident
    state: IncidentState
    begins: datetime
    ends: datetime
    """As late as its precision leaves open."""
    mains: tuple[tuple[int, int], ...]
    """Stretches of main markers it lies at, a gate's too."""
    names: frozenset[str]
    """Keys of its gate, sea area, commune or district."""


def duplicate_candidates(incidents: Iterable[RebuiltIncident], ours: set[str]) -> Iterable[Check]:
    """Each pair, by time; `ours` are the incidents of the report, and one of a pair is among them.

    Pairs of matters that no rule looks at (patrols, letters, upkeep) are named in one check: posts side by side have them every day.
    """
    candidates = [_candidate(incident) for incident in incidents if counts(incident.state)]
    quiet = []
    for first, second in sorted(_pairs(candidates), key=lambda pair: (_by_time(pair[0]), _by_time(pair[1]))):
        if first.subject not in ours and second.subject not in ours:
            continue
        if _is_judged(first) or _is_judged(second):
            yield Check(
                code="suspected_duplicate",
                severity=Severity.REVIEW,
                message=_message(first, second, ours),
                subjects=(first.subject, second.subject),
            )
        else:
            quiet.append(f"{first.subject} | {second.subject}")
    if quiet:
        message = f"{padded(len(quiet))} cặp việc được ghi nhận (không xét vi phạm) có thể là một việc báo hai lần: cùng loại, cùng thời gian, gần nhau"
        yield Check(code="suspected_duplicate", severity=Severity.REVIEW, message=message, subjects=tuple(quiet))


def _candidate(rebuilt: RebuiltIncident) -> _Candidate:
    occurred, place = rebuilt.incident.occurred, rebuilt.incident.place
    assert occurred is not None  # noqa: S101  # it is complete
    assert place is not None  # noqa: S101  # it is complete
    ends = max(occurred.start + SPANS.get(occurred.precision, timedelta()), occurred.end or occurred.start)
    return _Candidate(rebuilt.subject, rebuilt.incident, rebuilt.state, occurred.start, ends, _mains(place), frozenset(_names(place)))


def _mains(place: AnyPlace) -> tuple[tuple[int, int], ...]:
    if place.scheme == "marker" and place.line == LINE:
        return tuple((item.span[0][0], item.span[1][0]) for item in markers.parse(place.marker).items)
    if place.scheme == "gate" and place.gate in gates():
        return tuple((item.span[0][0], item.span[1][0]) for item in gates()[place.gate].markers)
    return ()


def _names(place: AnyPlace) -> Iterator[str]:
    if place.scheme == "gate":
        yield f"{_GATE}{place.gate}"
    if place.scheme in ("sea", "area") and place.area is not None:
        yield f"{place.scheme} {fold(place.area)}"
    if place.commune is not None:
        yield f"{_COMMUNE}{fold(place.commune)}"
    if place.district is not None:
        yield f"{_DISTRICT}{fold(place.district)}"


def _pairs(candidates: Iterable[_Candidate]) -> set[tuple[_Candidate, _Candidate]]:
    """Those that meet in time and place. Only incidents of one kind in one cell, a few markers long or one name, are looked at together."""
    cells: dict[tuple[str, str | int], list[_Candidate]] = {}
    for candidate in candidates:
        stretches = {number for low, high in candidate.mains for number in range(low // _CELL, (high + FEW) // _CELL + 1)}
        for cell in stretches | candidate.names:
            cells.setdefault((str(candidate.incident.kind), cell), []).append(candidate)
    pairs = set()
    for together in cells.values():
        lasting: list[_Candidate] = []
        for candidate in sorted(together, key=_by_time):
            lasting = [earlier for earlier in lasting if candidate.begins - earlier.ends <= NIGHT]
            pairs |= {(earlier, candidate) for earlier in lasting if _may_be_alike(earlier, candidate) and _near(earlier, candidate)}
            lasting.append(candidate)
    return pairs


def _by_time(candidate: _Candidate) -> tuple[datetime, str]:
    return candidate.begins, candidate.subject


def _may_be_alike(first: _Candidate, second: _Candidate) -> bool:
    """Whether different devices reported them, or whoever reported the same time and place once more."""
    if first.incident.reporter != second.incident.reporter:
        return True
    return first.incident.occurred == second.incident.occurred and first.incident.place == second.incident.place


def _near(first: _Candidate, second: _Candidate) -> bool:
    common = first.names & second.names
    if first.mains and second.mains:
        few = any(low - FEW <= end and start - FEW <= high for low, high in first.mains for start, end in second.mains)
        return few or any(name.startswith(_GATE) for name in common)
    # Of two that name their communes, the district says nothing.
    communes = all(any(name.startswith(_COMMUNE) for name in each.names) for each in (first, second))
    return any(not (communes and name.startswith(_DISTRICT)) for name in common)


def _is_judged(candidate: _Candidate) -> bool:
    return candidate.state.outcome is not Outcome.NOT_APPLICABLE


def _message(first: _Candidate, second: _Candidate, ours: set[str]) -> str:
    assert first.incident.kind is not None  # noqa: S101  # it is complete
    kind = KIND_LABELS[first.incident.kind].vi
    apart = max(timedelta(), second.begins - first.begins)
    hours = (
        f"cách nhau {int(apart.total_seconds() // 3600)} giờ {int(apart.total_seconds() % 3600 // 60):02d} phút"
        if apart
        else "cùng thời điểm"
    )
    message = f"Nghi một vụ được báo hai lần ({kind}): {_named(first)} và {_named(second)}, {hours}; nếu là một vụ, cần rút một tin"
    notes = [
        f"{each.subject} không thuộc số liệu của báo cáo này (ngoài kỳ hoặc đơn vị)" for each in (first, second) if each.subject not in ours
    ]
    notes += [f"{each.subject} đã có kết luận của cán bộ" for each in (first, second) if each.state.assessed]
    return message + (f" ({'; '.join(notes)})" if notes else "")


def _named(candidate: _Candidate) -> str:
    reporter = source_name(candidate.incident.reporter) + "".join(f", máy {name}" for name in candidate.incident.reporter.split("/")[3:])
    place = ", ".join(candidate.state.markers) or _place(candidate.incident.place)
    return f"{candidate.subject} ({reporter}; {moment(candidate.begins)}; {place})"


def _place(place: AnyPlace | None) -> str:
    if place is not None and place.scheme == "gate":
        return f"cửa khẩu {gate_name(place.gate)}" if place.gate in gates() else place.gate
    names = [] if place is None else [place.commune, place.district, place.area if place.scheme in ("sea", "area") else None]
    return ", ".join(name for name in names if name) or "không rõ nơi"
