"""Which parts of a measure are people to be protected: reports do not print small counts of them.

The table `part` of `schemas/data/codes.toml` names the parts; `protected = false` stands beside each that may be printed however few it counts.
"""

import functools
from collections.abc import Mapping

from border.names import fold
from schemas.codebook import Part, toml_table


def part_named(name: str) -> Part | None:
    """The part a post means by a name: its code, a label, or another listed name, in any case and without diacritics too."""
    return _parts().get(fold(name))


def is_protected(name: str) -> bool:
    """Whether a part of persons is protected: unless the codebook lists it as unprotected."""
    part = part_named(name)
    return part is None or toml_table("codes.toml")["part"][part].get("protected", True)


@functools.cache
def _parts() -> Mapping[str, Part]:
    rows = toml_table("codes.toml")["part"]
    return {
        fold(name): part for part in Part for name in (part, rows[part]["vi"], rows[part]["en"], rows[part]["zh"], *rows[part]["names"])
    }
