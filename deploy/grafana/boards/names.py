"""Vietnamese names of codes in SQL. They come from the codebook and the register: whoever changes a name there builds the boards anew."""

from border.places import gates, posts, provinces
from schemas.codebook import KIND_LABELS, OUTCOME_LABELS, SIDE_LABELS

UNKNOWN = "-"
"""The province of an incident that lies in none we know; the views say so."""
CLASSES = {"flash": "khẩn", "breach": "vi phạm", "needs_facts": "thiếu dữ kiện"}
DIRECTIONS = {"VN-CN": "Việt Nam → Trung Quốc", "CN-VN": "Trung Quốc → Việt Nam"}
NAMES: dict[str, dict[str, str]] = {
    "kind": {code: label.vi for code, label in KIND_LABELS.items()},
    "side": {code: label.vi for code, label in SIDE_LABELS.items()},
    "outcome": {code: label.vi for code, label in OUTCOME_LABELS.items()},
    "province": {code: row.name for code, row in provinces().items()} | {UNKNOWN: "chưa rõ tỉnh"},
    "gate": {slug: gate.label for slug, gate in gates().items()},
    "post": {slug: post.name for slug, post in posts().items()},
    "class": CLASSES,
    "alert": CLASSES | {"deadline": "quá hạn"},
    "direction": DIRECTIONS,
    "what": {"persons": "lượt người", "vehicles": "lượt phương tiện"},
}


def name(column: str) -> str:
    """The name of a column's code, as an SQL expression; an unknown code stands for itself."""
    cases = " ".join(f"WHEN {_quoted(code)} THEN {_quoted(text)}" for code, text in NAMES[column].items())
    return f"CASE {column} {cases} ELSE {column} END"


def codes(column: str) -> str:
    """A query for all codes of a column, in the order of their names."""
    pairs = ", ".join(f"({_quoted(code)}, {_quoted(text)})" for code, text in NAMES[column].items())
    return f"SELECT code AS __value, name AS __text FROM (VALUES {pairs}) AS named (code, name) ORDER BY 2"


def place() -> str:
    """Where an incident happened: its markers, else its gate."""
    return f"CASE WHEN cardinality(markers) > 0 THEN 'mốc ' || array_to_string(markers, ', ') ELSE {name('gate')} END"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
