"""Rule packs: which rules are in force on which day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from agreement.rules.rule import Rule
from agreement.rules.table import RULES
from border.vietnam import HANOI
from schemas.codebook import Kind
from schemas.failures import USAGE, Failure

IN_FORCE = date(2010, 7, 14)
"""The day the Agreement entered into force."""


@dataclass(frozen=True, slots=True, eq=False)
class RuleIndex:
    """The rules of a pack that look at one kind of incident."""

    kind: Kind
    rules: tuple[Rule, ...]
    reads: tuple[str, ...]
    """Every fact that any of them reads."""
    shadow: frozenset[str]
    """Ids of rules on trial: their findings are kept and never count."""


@dataclass(frozen=True, slots=True, eq=False)
class Pack:
    """The rules in force from `valid_from` until the day before `valid_to`; None: until further notice."""

    id: str
    valid_from: date
    valid_to: date | None
    rules: tuple[Rule, ...]
    shadow: frozenset[str]
    by_kind: Mapping[Kind, RuleIndex]


class UnknownPack(Failure, LookupError):
    """There is no pack of this id."""

    code = "pack"
    exit_code = USAGE


def pack(pack_id: str, *, valid_from: date, valid_to: date | None, rules: tuple[Rule, ...], shadow: frozenset[str] = frozenset()) -> Pack:
    """A pack, its rules indexed by kind. `shadow`: ids of those on trial. Raises `ValueError` for an id that is not among the rules."""
    if absent := shadow - {rule.id for rule in rules}:
        raise ValueError(f"shadow rules that pack {pack_id} does not hold: {', '.join(sorted(absent))}")
    return Pack(pack_id, valid_from, valid_to, rules, shadow, {kind: _index(kind, rules, shadow) for kind in Kind})


def _index(kind: Kind, rules: tuple[Rule, ...], shadow: frozenset[str]) -> RuleIndex:
    of_kind = tuple(rule for rule in rules if kind in rule.kinds)
    reads = dict.fromkeys(name for rule in of_kind for name in (*rule.asks, *rule.mentions))
    return RuleIndex(kind, of_kind, tuple(reads), shadow)


PACKS: tuple[Pack, ...] = (pack("2009.1", valid_from=IN_FORCE, valid_to=None, rules=RULES),)
"""All packs. Where two are valid on one day, the later in this table is in force."""


def in_force(on: date, packs: tuple[Pack, ...] | None = None) -> Pack:
    """The pack of a day (UTC+7). Before the first one: the first, under which everything before the Agreement is not applicable."""
    packs = PACKS if packs is None else packs
    for candidate in reversed(packs):
        if candidate.valid_from <= on and (candidate.valid_to is None or on < candidate.valid_to):
            return candidate
    return packs[0]


def pack_named(pack_id: str, packs: tuple[Pack, ...] | None = None) -> Pack:
    """The pack of this id. Raises `UnknownPack`."""
    packs = PACKS if packs is None else packs
    for candidate in packs:
        if candidate.id == pack_id:
            return candidate
    raise UnknownPack(f"{pack_id}: không có bộ quy tắc này · no such rule pack; có · there are: {', '.join(each.id for each in packs)}")


def ever_in_force(chosen: Pack, packs: tuple[Pack, ...] | None = None) -> bool:
    """Whether a pack is in force on any day, or a later one replaces it on all of them."""
    packs = PACKS if packs is None else packs
    edges = {day for each in packs for day in (each.valid_from, each.valid_to) if day is not None}
    return any(in_force(day, packs) is chosen for day in edges)


def day_of(moment: datetime) -> date:
    """The day in Vietnam at that moment."""
    return moment.astimezone(HANOI).date()
