"""Codes by the names that people write: the code itself or its label in any language, in any case, with or without diacritics."""

import functools
from collections.abc import Iterator, Mapping
from typing import TypeVar

from border.codes import Code
from border.names import fold, nearest_of
from border.provinces import Province, province_name
from schemas.codebook import KIND_LABELS, Kind
from schemas.codebook_entries import SETS, codes

C = TypeVar("C", bound=Code)


def code_named(of: type[C], text: str) -> C:
    """The code that a text names. Raises `ValueError`, which lists the codes and the names nearest to the text."""
    by_name = _by_name(of)
    if (code := by_name.get(fold(text))) is not None:
        return of(code)
    nearest = nearest_of(text, {name: code.value for name, code in by_name.items()})
    raise ValueError(f"{text[:100]!r}: cần một trong · one of {', '.join(of)}{nearest}")


@functools.cache
def _by_name(of: type[C]) -> Mapping[str, C]:
    return {fold(name): code for code in of for name in (code.value, *filter(None, _labels(code)))}


def _labels(code: Code) -> Iterator[str]:
    match code:
        case Kind():
            yield from KIND_LABELS[code]
        case Province():
            yield province_name(code)
        case _:
            for of in (name for name, members in SETS.items() if members is type(code)):
                yield from next(entry.label for entry in codes()[of] if entry.code == code)
