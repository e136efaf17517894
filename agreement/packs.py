"""Rule packs: which rules are in force on which day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

from agreement.rules.rule import Rule
from agreement.rules.table import RULES
from schemas.codebook import Kind

HANOI = timezone(timedelta(hours=7))
"""Asia/Ho_Chi_Minh, without summer time in all of the Agreement's life."""
IN_FORCE = date(2010, 7, 14)
"""The day the Agreement entered into force."""


@dataclass(frozen=True, slots=True, eq=False)
class Docket:
    """The rules that look at one kind."""

    kind: Kind
    rules: tuple[Rule, ...]
    reads: tuple[str, ...]
    """Every fact any of them reads."""


@dataclass(frozen=True, slots=True, eq=False)
class Pack:
    """The rules of one stretch of days, `valid_to` not included; None: until further notice."""

    id: str
    valid_from: date
    valid_to: date | None
    rules: tuple[Rule, ...]
    by_kind: Mapping[Kind, Docket]


def pack(pack_id: str, *, valid_from: date, valid_to: date | None, rules: tuple[Rule, ...]) -> Pack:
    """A pack with its rules laid out by kind."""
    return Pack(pack_id, valid_from, valid_to, rules, {kind: _docket(kind, rules) for kind in Kind})


def _docket(kind: Kind, rules: tuple[Rule, ...]) -> Docket:
    looking = tuple(rule for rule in rules if kind in rule.kinds)
    return Docket(kind, looking, tuple(dict.fromkeys(name for rule in looking for name in (*rule.asks, *rule.tells))))


PACKS: tuple[Pack, ...] = (pack("2009.1", valid_from=IN_FORCE, valid_to=None, rules=RULES),)
"""All packs, oldest first, each ending where the next begins."""


def in_force(on: date, packs: tuple[Pack, ...] = PACKS) -> Pack:
    """The pack of a day (UTC+7). Before the first one: the first, under which everything before the Agreement is not applicable."""
    for candidate in reversed(packs):
        if candidate.valid_from <= on:
            return candidate
    return packs[0]


def day_of(moment: datetime) -> date:
    """The day in Vietnam at that moment."""
    return moment.astimezone(HANOI).date()
