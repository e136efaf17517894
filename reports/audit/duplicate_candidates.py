"""Incidents that may be one and the same, told twice: the likeliest double count. Pure.

Suspected are two incidents of one kind, told by different devices, in the same night, near each other on the line, at one gate, or, where no
marker tells, in one commune or district. One device is suspected only where it told the very same time and place twice. Whether an officer
has looked at one of them changes nothing: only a retraction ends a double count.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from agreement.scope import LINE
from border import markers
from border.gates import gates
from border.names import fold
from border.vietnam import HANOI
from reports.audit.posts import post_name
from reports.audit.recount import Recounted
from reports.checks import SPANS
from reports.model import Check, Severity
from schemas.codebook import KIND_LABELS, Outcome
from schemas.sound import AnyPlace
from texts.wording import padded

NIGHT = timedelta(hours=12)
"""How far apart two tellings of one thing may be, after what their precision leaves open."""
FEW = 3
"""Main markers: `1088/2` and `1091` are this far apart."""
_CELL = 8
_GATE, _COMMUNE, _DISTRICT = "gate ", "commune ", "district "


@dataclass(frozen=True, slots=True, eq=False)
class _Seen:
    """What of an incident is compared."""

    subject: str
    one: Recounted
    begins: datetime
    ends: datetime
    """As late as its precision leaves open."""
    mains: tuple[tuple[int, int], ...]
    """Stretches of main markers it lies at, a gate's too."""
    names: frozenset[str]
    """Keys of its gate, sea area, commune or district."""


def suspected(incidents: Iterable[Recounted], ours: set[str]) -> Iterable[Check]:
    """Each pair, by time; `ours` are the incidents of the report, and one of a pair is among them.

    Pairs of matters that no rule looks at (patrols, letters, upkeep) are named in one check: posts side by side have them every day.
    """
    pairs = sorted(_pairs(_seen(one) for one in incidents if one.counts), key=lambda pair: (_by_time(pair[0]), _by_time(pair[1])))
    quiet = []
    for one, other in pairs:
        if one.subject not in ours and other.subject not in ours:
            continue
        if _judged(one) or _judged(other):
            yield Check(
                code="suspected_duplicate",
                severity=Severity.REVIEW,
                message=_message(one, other, ours),
                subjects=(one.subject, other.subject),
            )
        else:
            quiet.append(f"{one.subject} | {other.subject}")
    if quiet:
        message = f"{padded(len(quiet))} cặp việc được ghi nhận (không xét vi phạm) có thể là một việc báo hai lần: cùng loại, cùng thời gian, gần nhau"
        yield Check(code="suspected_duplicate", severity=Severity.REVIEW, message=message, subjects=tuple(quiet))


def _seen(one: Recounted) -> _Seen:
    occurred, place = one.incident.occurred, one.incident.place
    assert occurred is not None  # noqa: S101  # it is complete
    assert place is not None  # noqa: S101  # it is complete
    mains = _mains(place)
    ends = max(occurred.start + SPANS.get(occurred.precision, timedelta()), occurred.end or occurred.start)
    return _Seen(one.subject, one, occurred.start, ends, mains, frozenset(_names(place)))


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


def _pairs(seen: Iterable[_Seen]) -> set[tuple[_Seen, _Seen]]:
    """Those that meet in time and place. Only incidents of one kind in one cell, a few markers long or one name, are looked at together."""
    cells: dict[tuple[str, str | int], list[_Seen]] = {}
    for one in seen:
        stretches = {number for low, high in one.mains for number in range(low // _CELL, (high + FEW) // _CELL + 1)}
        for cell in stretches | one.names:
            cells.setdefault((str(one.one.incident.kind), cell), []).append(one)
    found = set()
    for together in cells.values():
        lasting: list[_Seen] = []
        for one in sorted(together, key=_by_time):
            lasting = [earlier for earlier in lasting if one.begins - earlier.ends <= NIGHT]
            found |= {(earlier, one) for earlier in lasting if _told_apart(earlier, one) and _near(earlier, one)}
            lasting.append(one)
    return found


def _by_time(seen: _Seen) -> tuple[datetime, str]:
    return seen.begins, seen.subject


def _told_apart(one: _Seen, other: _Seen) -> bool:
    """By different devices; or the same time and place once more, by whoever."""
    if one.one.incident.reporter != other.one.incident.reporter:
        return True
    return one.one.incident.occurred == other.one.incident.occurred and one.one.incident.place == other.one.incident.place


def _near(one: _Seen, other: _Seen) -> bool:
    common = one.names & other.names
    if one.mains and other.mains:
        few = any(low - FEW <= last and first - FEW <= high for low, high in one.mains for first, last in other.mains)
        return few or any(name.startswith(_GATE) for name in common)
    # Of two that name their communes, the district says nothing.
    communes = all(any(name.startswith(_COMMUNE) for name in each.names) for each in (one, other))
    return any(not (communes and name.startswith(_DISTRICT)) for name in common)


def _judged(one: _Seen) -> bool:
    return one.one.effective.outcome is not Outcome.NOT_APPLICABLE


def _message(one: _Seen, other: _Seen, ours: set[str]) -> str:
    assert one.one.incident.kind is not None  # noqa: S101  # it is complete
    kind = KIND_LABELS[one.one.incident.kind].vi
    apart = max(timedelta(), other.begins - one.begins)
    hours = (
        f"cách nhau {int(apart.total_seconds() // 3600)} giờ {int(apart.total_seconds() % 3600 // 60):02d} phút"
        if apart
        else "cùng thời điểm"
    )
    said = f"Nghi một vụ được báo hai lần ({kind}): {_told(one)} và {_told(other)}, {hours}; nếu là một vụ, cần rút một tin"
    notes = [
        f"{each.subject} không thuộc số liệu của báo cáo này (ngoài kỳ hoặc đơn vị)" for each in (one, other) if each.subject not in ours
    ]
    notes += [f"{each.subject} đã có kết luận của cán bộ" for each in (one, other) if each.one.effective.assessed]
    return said + (f" ({'; '.join(notes)})" if notes else "")


def _told(seen: _Seen) -> str:
    incident = seen.one.incident
    _, kind, slug, *device = incident.reporter.split("/")
    teller = (f"đồn {post_name(slug)}" if kind == "posts" else slug) + "".join(f", máy {name}" for name in device)
    place = ", ".join(seen.one.markers) or _place(incident.place)
    return f"{seen.subject} ({teller}; {seen.begins.astimezone(HANOI):%H:%M %d/%m/%Y}; {place})"


def _place(place: AnyPlace | None) -> str:
    if place is not None and place.scheme == "gate":
        return f"cửa khẩu {gates()[place.gate].label}" if place.gate in gates() else place.gate
    names = [] if place is None else [place.commune, place.district, place.area if place.scheme in ("sea", "area") else None]
    return ", ".join(name for name in names if name) or "không rõ nơi"
