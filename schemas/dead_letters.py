"""Why a payload is a dead letter: a closed set, so that nobody who writes to the topic makes labels of metrics."""

from enum import StrEnum


class DeadLetterCode(StrEnum):
    """`schemas.problems.Problem.code` of what validation refuses, and what classify itself says."""

    AHEAD = "ahead"
    DUPLICATE_KEY = "duplicate_key"
    EMPTY = "empty"
    JSON = "json"
    MISSING = "missing"
    NAIVE_TIME = "naive_time"
    NUL = "nul"
    RULE_CRASH = "rule_crash"
    SECRET = "secret"  # noqa: S105  # no password
    SURROGATE = "surrogate"
    TOO_LARGE = "too_large"
    UNKNOWN_FIELD = "unknown_field"
    VALUE = "value"
    OTHER = "other"
    """One that this program does not know: a newer program's, or nobody's."""
