"""Codes of closed sets as people give them to a command: the code, or its name in any language, with or without diacritics."""

from collections.abc import Callable
from typing import TypeVar

import typer

from border.codes import Code

C = TypeVar("C", bound=Code)


def parser_of(codes: type[C]) -> Callable[[str], C]:
    """What reads a code of this set. A miss is wrong usage and names the codes and the nearest names."""

    def parse(text: str) -> C:
        from schemas.code_names import code_named

        try:
            return code_named(codes, text)
        except ValueError as miss:
            raise typer.BadParameter(str(miss)) from None

    parse.__name__ = codes.__name__.lower()
    return parse
