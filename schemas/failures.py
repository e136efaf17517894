"""Errors that a person can act on, and the exit code with which a command ends on each."""

REFUSED, USAGE, UNREACHABLE = 1, 2, 3
"""Exit codes of the contract: the input was refused, wrong usage, a service is not usable."""


class Failure(Exception):
    """A command shows it as one line, `problem: code: sentence`. Any other exception is our bug and shows its trace."""

    code: str
    exit_code: int = REFUSED

    @property
    def sentence(self) -> str:
        """What a person is told, in one line."""
        return one_line(self)


def one_line(error: Exception) -> str:
    """An exception's message and the notes added to it, in one line."""
    return " ".join([*str(error).split(), *getattr(error, "__notes__", [])])
