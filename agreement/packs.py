"""Rule packs: which rules are in force on which day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from agreement.rules.rule import Rule
from agreement.rules.table import RULES
from border.vietnam import HANOI
from schemas.codebook import Kind
from schemas.failures import USAGE, Failure

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
    shadow: frozenset[str]
    """Ids of rules that only look on: their findings are kept and never count."""


@dataclass(frozen=True, slots=True, eq=False)
class Pack:
    """The rules of one stretch of days, `valid_to` not included; None: until further notice."""

    id: str
    valid_from: date
    valid_to: date | None
    rules: tuple[Rule, ...]
    shadow: frozenset[str]
    by_kind: Mapping[Kind, Docket]


class UnknownPack(Failure, LookupError):
    """There is no pack of this id."""

    code = "pack"
    exit_code = USAGE


def pack(pack_id: str, *, valid_from: date, valid_to: date | None, rules: tuple[Rule, ...], shadow: frozenset[str] = frozenset()) -> Pack:
    """A pack with its rules laid out by kind. `shadow`: ids of those on trial. Raises `ValueError` for one that is not among the rules."""
    if strangers := shadow - {rule.id for rule in rules}:
        raise ValueError(f"shadow rules that pack {pack_id} does not hold: {', '.join(sorted(strangers))}")
    return Pack(pack_id, valid_from, valid_to, rules, shadow, {kind: _docket(kind, rules, shadow) for kind in Kind})


def _docket(kind: Kind, rules: tuple[Rule, ...], shadow: frozenset[str]) -> Docket:
    looking = tuple(rule for rule in rules if kind in rule.kinds)
    reads = dict.fromkeys(name for rule in looking for name in (*rule.asks, *rule.tells))
    return Docket(kind, looking, tuple(reads), shadow)


PACKS: tuple[Pack, ...] = (pack("2009.1", valid_from=IN_FORCE, valid_to=None, rules=RULES),)
"""All packs. Where two hold on one day the later in this table is in force: a pack replaces another by standing behind it."""


def in_force(on: date, packs: tuple[Pack, ...] | None = None) -> Pack:
    """The pack of a day (UTC+7). Before the first one: the first, under which everything before the Agreement is not applicable."""
    known = PACKS if packs is None else packs
    for candidate in reversed(known):
        if candidate.valid_from <= on and (candidate.valid_to is None or on < candidate.valid_to):
            return candidate
    return known[0]


def pack_named(pack_id: str, packs: tuple[Pack, ...] | None = None) -> Pack:
    """The pack of this id. Raises `UnknownPack`."""
    known = PACKS if packs is None else packs
    for candidate in known:
        if candidate.id == pack_id:
            return candidate
    raise UnknownPack(f"{pack_id}: không có bộ quy tắc này · no such rule pack; có · there are: {', '.join(one.id for one in known)}")


def ever_in_force(chosen: Pack, packs: tuple[Pack, ...] | None = None) -> bool:
    """Whether there is a day on which a pack is in force, and not another that stands behind it."""
    known = PACKS if packs is None else packs
    edges = {day for one in known for day in (one.valid_from, one.valid_to) if day is not None}
    return any(in_force(day, known) is chosen for day in edges)


def day_of(moment: datetime) -> date:
    """The day in Vietnam at that moment."""
    return moment.astimezone(HANOI).date()
