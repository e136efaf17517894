"""Codes of closed sets as people give them to a command: the code, or its name in any language, with or without diacritics."""

from collections.abc import Callable, Iterator
from typing import TypeVar

import typer

from border.codes import Code
from schemas.codebook import KIND_LABELS, Kind

C = TypeVar("C", bound=Code)


def parser_of(codes: type[C]) -> Callable[[str], C]:
    """What reads a code of this set. A miss is wrong usage and names the codes and the nearest names."""

    def parse(text: str) -> C:
        from border.names import fold, nearest_of

        by_name = {fold(name): code for code in codes for name in (code.value, *_names(code))}
        if (code := by_name.get(fold(text))) is not None:
            return code
        nearest = nearest_of(text, {name: code.value for name, code in by_name.items()})
        raise typer.BadParameter(f"{text[:100]!r}: cần một trong · one of {', '.join(codes)}{nearest}")

    parse.__name__ = codes.__name__.lower()
    return parse


def _names(code: Code) -> Iterator[str]:
    from border.provinces import Province, province_name
    from schemas.codebook_entries import SETS, codes

    match code:
        case Kind():
            yield from filter(None, KIND_LABELS[code])
        case Province():
            yield province_name(code)
        case _:
            entries = [entry for name, members in SETS.items() if isinstance(code, members) for entry in codes()[name]]
            yield from (name for entry in entries if entry.code == code for name in entry.label)
