"""Checks whether parts add up to their whole, and writes the sum out as a person would check it. Exact and pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from texts.wording import number


@dataclass(frozen=True, slots=True)
class SumCheck:
    """One whole beside its parts."""

    where: str
    """Line, row, column: Vietnamese."""
    message: str
    """The sum written out: `524 + 162 + 45 = 731 ≠ 583`."""
    holds: bool


def check_sum(where: str, parts: Sequence[Decimal], whole: Decimal) -> SumCheck:
    """Check that all parts of a whole add up to it."""
    total = sum(parts, Decimal(0))
    holds = total == whole
    reckoned = number(parts[0]) if len(parts) == 1 else f"{written(parts)} = {number(total)}"
    if len(parts) > 1 and holds:
        return SumCheck(where, reckoned, holds=True)
    return SumCheck(where, f"{reckoned} {'=' if holds else '≠'} {number(whole)}", holds)


def check_part_sum(where: str, parts: Sequence[Decimal], whole: Decimal) -> SumCheck:
    """Check that some parts of a whole ("trong đó") do not exceed it."""
    total = sum(parts, Decimal(0))
    holds = total <= whole
    reckoned = number(parts[0]) if len(parts) == 1 else f"{written(parts)} = {number(total)}"
    sign = "=" if total == whole else "≤" if holds else ">"
    return SumCheck(where, reckoned if sign == "=" and len(parts) > 1 else f"{reckoned} {sign} {number(whole)}", holds)


def written(parts: Sequence[Decimal]) -> str:
    """`524 + 162 + 45`; a negative one in brackets."""
    return " + ".join(f"({number(part)})" if part < 0 else number(part) for part in parts)
