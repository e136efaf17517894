"""Labels in Vietnamese with English beside them."""

from schemas.codebook import OUTCOME_LABELS, Label, Outcome


def both(label: Label) -> str:
    """`vi phạm Hiệp định · breach`."""
    return f"{label.vi} · {label.en}"


def outcome(code: str) -> str:
    """An outcome's label."""
    return both(OUTCOME_LABELS[Outcome(code)])
