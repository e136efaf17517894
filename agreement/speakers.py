"""The speakers of an incident: the post it belongs to, and the offices over that post. An event of any other source is without effect."""

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from agreement.packs import day_of
from agreement.province import province_of_place
from border import places
from border.offices import office_of
from border.places import Province
from schemas.codebook import Label
from schemas.events import AnyEvent, Assessed, Reinstated, Reported, Settled
from schemas.incidents import Place
from schemas.notices import EventRef

_OFFICES_ONLY = (Assessed, Reinstated, Settled)


class Why(StrEnum):
    """Why an event has no effect."""

    ANOTHER_POST = "another_post"
    ANOTHER_PROVINCE = "another_province"
    UNKNOWN_OFFICE = "unknown_office"
    OFFICES_ONLY = "offices_only"


WHY_LABELS: Mapping[Why, Label] = {
    Why.ANOTHER_POST: Label("vụ việc không thuộc đồn này", "the incident is not this post's"),
    Why.ANOTHER_PROVINCE: Label("vụ việc không thuộc tỉnh của cơ quan này", "the incident is not of this office's province"),
    Why.UNKNOWN_OFFICE: Label("cơ quan không có trong danh bạ", "the register does not know this office"),
    Why.OFFICES_ONLY: Label("đồn không được làm việc này, chỉ cơ quan", "a post may not do this, only an office"),
}


class WithoutEffect(EventRef):
    """An event that changes nothing, and why."""

    why: Why


@dataclass(frozen=True, slots=True)
class Owner:
    """The unit an incident belongs to: that of its first report."""

    source: str
    """Source of that report."""
    report: str | None
    """Id of that report. None for an owner of something else than an incident."""
    home: Province | None
    """The unit's province, where the register has one."""
    place: Place | None
    """The place of the report, which gives the province of a unit without a home."""

    @property
    def unit(self) -> str:
        """The post or office, without its device: `/posts/tan-thanh`."""
        return unit_of_source(self.source)

    def province(self, on: date) -> Province | None:
        """The province whose offices are speakers of the incident on a day."""
        home = self.home if self.home is not None or self.place is None else province_of_place(self.place, on)
        return None if home is None else places.province_on(home, on)


def owner_of(events: Sequence[AnyEvent]) -> Owner | None:
    """The owner of the incident of these events, which stand in the order of the fold. None without a report.

    The first report of a registered post precedes that of a post the register does not know.
    """
    reports = [event for event in events if isinstance(event, Reported)]
    if not reports:
        return None
    first = reports[0]
    if first.source.startswith("/posts/") and not is_registered_post(first.source):
        first = next((report for report in reports if is_registered_post(report.source)), first)
    return Owner(first.source, first.id, _home(first.source, first.time), first.data.place)


def owner_without_report(source: str, at: datetime) -> Owner:
    """The unit of a source as an owner: of a count at a gate, or of an incident whose report is missing."""
    return Owner(source, None, _home(source, at), None)


def objection(event: AnyEvent, owner: Owner | None) -> Why | None:
    """Why an event about an owner's incident has no effect; None where it has. Without an owner, every registered source is a speaker."""
    if event.source.startswith("/posts/"):
        if isinstance(event, _OFFICES_ONLY):
            return Why.OFFICES_ONLY
        if owner is None or unit_of_source(event.source) == owner.unit or _is_under_the_office(event, owner):
            return None
        return Why.ANOTHER_POST
    on = day_of(event.time)
    office = office_of(event.source, on)
    if office is None:
        # An unknown office may report, and change nothing after that.
        is_first_report = owner is not None and (owner.source, owner.report) == (event.source, event.id)
        return None if is_first_report else Why.UNKNOWN_OFFICE
    if owner is None or office.province is None or unit_of_source(event.source) == owner.unit:
        return None
    return None if owner.province(on) is places.province_on(office.province, on) else Why.ANOTHER_PROVINCE


@functools.lru_cache(maxsize=4096)
def unit_of_source(source: str) -> str:
    """The post or office of a source, without its device."""
    return "/".join(source.split("/")[:3])


def is_registered(source: str, on: date) -> bool:
    """Whether the register knows the post or office on a day."""
    return is_registered_post(source) or office_of(source, on) is not None


def is_registered_post(source: str) -> bool:
    """Whether the register knows the post."""
    _, family, slug, *_ = source.split("/")
    return family == "posts" and slug in places.posts()


def _home(source: str, at: datetime) -> Province | None:
    if is_registered_post(source):
        return places.posts()[source.split("/")[2]].province
    office = office_of(source, day_of(at))
    return None if office is None else office.province


def _is_under_the_office(event: AnyEvent, owner: Owner) -> bool:
    """Whether a post stands in the province of the office that the incident belongs to."""
    on = day_of(event.time)
    province = places.province_of_source(event.source, on)
    return owner.unit.startswith("/offices/") and province is not None and province is owner.province(on)
