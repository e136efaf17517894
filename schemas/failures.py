"""Errors that a person can act on, and the exit code with which a command ends on each."""

from typing import ClassVar

REFUSED, USAGE, UNREACHABLE = 1, 2, 3
"""Exit codes of the contract: the input was refused, wrong usage, a service is not usable."""


class Failure(Exception):
    """A command shows it as one line, `problem: code: sentence`. Any other exception is our bug and shows its trace."""

    code: ClassVar[str]
    exit_code: ClassVar[int] = REFUSED
