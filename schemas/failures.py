"""Errors that a person can act on: how each is shown, and with what exit code a command ends on it."""

from typing import ClassVar

REFUSED, USAGE, UNREACHABLE = 1, 2, 3
"""Exit codes of the contract: the input was refused, wrong usage, a service is not usable."""


class Failure(Exception):
    """Shown as one line, `problem: code: sentence`; any other exception is a fault of ours and shows its trace."""

    code: ClassVar[str]
    exit_code: ClassVar[int] = REFUSED
