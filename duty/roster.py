"""Who is on duty when, and who is next: a TOML file of shifts, in Vietnam's time."""

import tomllib
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError, model_validator

from border.provinces import Province
from border.vietnam import HANOI
from schemas.failures import USAGE, Failure
from schemas.fields import Several, Strict
from schemas.problems import WrongField, from_pydantic, nearest

_DAY = timedelta(days=1)

Weekday = Literal["T2", "T3", "T4", "T5", "T6", "T7", "CN"]
_WEEKDAYS: tuple[Weekday, ...] = ("T2", "T3", "T4", "T5", "T6", "T7", "CN")


class InvalidRoster(Failure):
    """The roster cannot be followed. Names the file and every field."""

    code = "roster"
    exit_code = USAGE


def _clock_time(value: object) -> object:
    """A time of the day as people write it, or as TOML has it."""
    if isinstance(value, str):
        try:
            return datetime.strptime(value, "%H:%M").time()  # noqa: DTZ007  # of every day, in Vietnam's time
        except ValueError:
            raise ValueError(f'"{value}" không phải giờ, cần như "06:00" · needs the form 06:00') from None
    return value


def _province(value: object) -> Province:
    if not isinstance(value, str) or value not in tuple(Province):
        raise ValueError(f"{value!r} không có, cần một trong: {', '.join(Province)}{nearest(value, Province)}")
    return Province(value)


def _without_repetition(keys: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(keys)) < len(keys):
        raise ValueError("một người chỉ được kể một lần · a person may be listed once")
    return keys


Clock = Annotated[time, BeforeValidator(_clock_time)]


class Person(Strict):
    """Somebody whom alerts can reach."""

    name: Annotated[str, Field(min_length=1)]
    address: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]
    """The alert's label `to`, by which Alertmanager chooses the receiver."""
    login: Annotated[str, Field(min_length=1)] | None = None
    """Their login on the officers' pages, where they have one."""


class Shift(Strict):
    """When who is on duty. One that ends at or before its start ends on the next day."""

    name: Annotated[str, Field(min_length=1)]
    weekdays: Annotated[Several[Weekday], Field(min_length=1)] = _WEEKDAYS
    """On which days it starts."""
    start: Annotated[Clock, Field(alias="from")]
    end: Annotated[Clock, Field(alias="to")]
    province: Annotated[Province, BeforeValidator(_province)] | None = None
    """Whose incidents; None: the whole line's, where a province has no shift of its own."""
    on_duty: str
    next: Annotated[Several[str], AfterValidator(_without_repetition)] = ()
    """Whom alerts reach next, in this order, while nobody acknowledges."""

    def runs_at(self, local: datetime) -> bool:
        """Whether it runs at a moment in Vietnam's time."""
        return any(start <= local < end for start, end in self._turns_around(local))

    def ends(self) -> Iterator[datetime]:
        """When it ends, in some week."""
        monday = datetime(2024, 1, 1, tzinfo=HANOI)
        for number in range(7):
            day = monday + number * _DAY
            for start, end in self._turns_around(day):
                if start.date() == day.date():
                    yield end

    def _turns_around(self, local: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Its turns that start on the day of a moment, or on the day before."""
        for day in (local - _DAY, local):
            if _WEEKDAYS[day.weekday()] in self.weekdays:
                start, end = (datetime.combine(day, clock, HANOI) for clock in (self.start, self.end))
                yield start, end if end > start else end + _DAY


class Roster(Strict):
    """All shifts, and everybody they name."""

    people: Annotated[dict[str, Person], Field(min_length=1)]
    shifts: Annotated[Several[Shift], Field(min_length=1)]

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        for number, shift in enumerate(self.shifts):
            for field, key in (("on_duty", shift.on_duty), *(("next", key) for key in shift.next)):
                if key not in self.people:
                    raise WrongField(f"shifts.{number}.{field}", f'"{key}" không có trong people{nearest(key, self.people)}')
        line = [shift for shift in self.shifts if shift.province is None]
        if not line:
            raise WrongField("shifts", "cần ca trực toàn tuyến, không ghi province · needs shifts for the whole line, without province")
        for end in (end for shift in line for end in shift.ends()):  # a gap begins where a shift ends
            if not any(shift.runs_at(end) for shift in line):
                raise WrongField("shifts", f"không ai trực toàn tuyến từ {_WEEKDAYS[end.weekday()]} {end:%H:%M} · nobody is on duty then")
        return self

    def chain(self, at: datetime, province: str | None) -> tuple[Person, ...]:
        """Whom the alert of an incident in a province reaches at a moment, first to last: the first shift listed that runs for it."""
        local = at.astimezone(HANOI)
        running = [shift for shift in self.shifts if shift.province in (None, province) and shift.runs_at(local)]
        shift = next((shift for shift in running if shift.province is not None), running[0])
        return tuple(self.people[key] for key in (shift.on_duty, *shift.next))


def load(file: Path) -> Roster:
    """The roster of a file. Raises `InvalidRoster`."""
    try:
        return Roster.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
    except ValidationError as error:
        raise InvalidRoster(f"{file}: {'; '.join(problem.message for problem in from_pydantic(error))}") from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InvalidRoster(f"{file}: không đọc được · cannot be read: {error}") from None
