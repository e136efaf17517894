"""The offices of a province, or of the whole line (`offices.csv`)."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from border.data_tables import Validity, table, validity
from border.provinces import Province


@dataclass(frozen=True, slots=True)
class Office:
    """A registered office."""

    slug: str
    name: str
    province: Province | None
    """None: the whole line."""
    valid: Validity
    note: str
    source: str


def office_of(source: str, on: date) -> Office | None:
    """The office an event comes from (`/offices/so-ngoai-vu-lang-son`, or a device of it), where the register has it on that day."""
    match source.split("/"):
        case ["", "offices", slug, *_] if slug in offices() and offices()[slug].valid.holds(on):
            return offices()[slug]
    return None


@functools.cache
def offices() -> Mapping[str, Office]:
    """All offices, by slug."""
    return {
        row["slug"]: Office(
            slug=row["slug"],
            name=row["name"],
            province=Province(row["province"]) if row["province"] else None,
            valid=validity(row),
            note=row["note"],
            source=row["source"],
        )
        for row in table("offices.csv")
    }
