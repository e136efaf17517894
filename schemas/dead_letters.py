"""Why a payload is a dead letter. The set is closed, so that no writer to the topic can invent labels of metrics."""

from enum import StrEnum


class DeadLetterCode(StrEnum):
    """The codes of validation's problems (`schemas.problems.Problem`), and of failures of our own program."""

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
    """Classify or the database raised another error."""
    CRASHED = "crashed"
    """The process ended on the record repeatedly."""
    UNREADABLE = "unreadable"
    """We could not read a message in our own topic."""
    UNDECODABLE = "undecodable"
    """Our Kafka client could not read the record."""
    OTHER = "other"
    """A code that this program does not know: a newer program's, or a foreign one's."""
