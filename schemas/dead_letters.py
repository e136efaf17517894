"""Why a payload is a dead letter: a closed set, so that nobody who writes to the topic makes labels of metrics."""

from enum import StrEnum


class DeadLetterCode(StrEnum):
    """`schemas.problems.Problem.code` of what validation refuses, and what our own program failed at."""

    AHEAD = "ahead"
    DUPLICATE_KEY = "duplicate_key"
    EMPTY = "empty"
    JSON = "json"
    MISSING = "missing"
    NAIVE_TIME = "naive_time"
    NUL = "nul"
    SECRET = "secret"  # noqa: S105  # no password
    SURROGATE = "surrogate"
    TOO_LARGE = "too_large"
    UNKNOWN_FIELD = "unknown_field"
    VALUE = "value"
    RULE_CRASH = "rule_crash"
    """A rule raised."""
    QUARANTINED = "quarantined"
    """Whatever else raised, in classify or in the database."""
    CRASHED = "crashed"
    """The process ended on it, again and again."""
    UNREADABLE = "unreadable"
    """A message of our own that we cannot read."""
    UNDECODABLE = "undecodable"
    """Our Kafka client could not read the record."""
    OTHER = "other"
    """One that this program does not know: a newer program's, or nobody's."""
