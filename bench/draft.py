"""Measure how much of a report's sentence the drafts read, and how much of it rightly: `python -m bench.draft [FILE]…`.

A value is right where it is expected and wrong where it is not; an expected value that was not read lowers recall only.
`draft_sentences.jsonl` was written beside the code, `draft_unseen.jsonl` without sight of it. Exit 1 if a precision is below the bar.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from border import markers
from texts.sentence.draft import draft

LEAST = 0.95
"""Precision."""
FIELDS = ("markers", "counts", "unit", "kind", "direction")
HERE = Path(__file__).parent
FILES = (HERE / "draft_sentences.jsonl", HERE / "draft_unseen.jsonl")
_WRITTEN = datetime(2026, 12, 31, tzinfo=UTC)


@dataclass(slots=True)
class Score:
    """Values of one field."""

    right: int = 0
    wrong: list[str] = field(default_factory=list)
    """Each with its sentence."""
    unread: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        """Of what was read, the part that is right."""
        read = self.right + len(self.wrong)
        return self.right / read if read else 1.0

    @property
    def recall(self) -> float:
        """Of what was expected, the part that was read."""
        expected = self.right + len(self.unread)
        return self.right / expected if expected else 1.0


def main() -> int:
    """Measure each file, print every wrong value, judge."""
    enough = True
    for path in map(Path, sys.argv[1:]) if sys.argv[1:] else FILES:
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        scores = measure(rows)
        print(f"{path.name}: n = {len(rows)} sentences")
        for name, score in scores.items():
            print(
                f"  {name:<10} precision {score.precision:.3f}  recall {score.recall:.3f}  right {score.right:>3}  wrong {len(score.wrong):>2}"
            )
        for name, score in scores.items():
            for value in score.wrong:
                print(f"  wrong {name}: {value}")
            for value in score.unread:
                print(f"  unread {name}: {value}")
        enough = enough and all(score.precision >= LEAST for score in scores.values())
    return 0 if enough else 1


def measure(rows: Iterable[Mapping[str, Any]]) -> dict[str, Score]:
    """The scores of these sentences, by field."""
    scores = {name: Score() for name in FIELDS}
    for row in rows:
        read, expected = _read(row["text"]), row["expected"]
        for name, score in scores.items():
            got, wanted = Counter(read[name]), Counter(_values(name, expected[name]))
            score.right += (got & wanted).total()
            score.wrong += [f"{value} <- {row['text']}" for value in (got - wanted).elements()]
            score.unread += [f"{value} <- {row['text']}" for value in (wanted - got).elements()]
    return scores


def _read(text: str) -> dict[str, list[str]]:
    event = draft(text, event_id="bench", time=_WRITTEN).event
    data = event["data"]
    return {
        "markers": list(_values("markers", [data["place"]["marker"]] if "marker" in data.get("place", {}) else [])),
        "counts": list(_values("counts", data.get("measures", []))),
        "unit": list(_values("unit", event["source"].removeprefix("/posts/") if "source" in event else None)),
        "kind": list(_values("kind", data.get("kind"))),
        "direction": list(_values("direction", data.get("direction"))),
    }


def _values(name: str, value: Any) -> Iterator[str]:
    """The field's values, each as a text to compare."""
    if name == "markers":
        for text in value:
            yield from (item.canonical for item in markers.parse(text).items)
    elif name == "counts":
        for measure in value:
            yield f"{measure['what']} {measure['n']:g} {measure.get('nationality') or '-'}"
    elif value is not None:
        yield str(value)


if __name__ == "__main__":
    sys.exit(main())
