"""The problems of a file: by kind, the first few of each, and how many more there are."""

from collections import Counter, defaultdict

from mocgioi.views.output import problem

_SHOWN = 5
"""Problems of one kind that are shown one by one."""


class FileProblems:
    """Problems of one file, shown once all are known."""

    def __init__(self, *, capped: bool = True) -> None:
        self._capped = capped
        self._first: defaultdict[str, list[str]] = defaultdict(list)
        self._counts: Counter[str] = Counter()

    def add(self, code: str, sentence: str) -> None:
        """Add one problem. If nothing is capped, it is printed at once."""
        self._counts[code] += 1
        if not self._capped:
            problem(code, sentence)
        elif self._counts[code] <= _SHOWN:
            self._first[code].append(sentence)

    def show(self) -> None:
        """Print them, kind by kind."""
        for code, sentences in self._first.items():
            for sentence in sentences:
                problem(code, sentence)
            if (left := self._counts[code] - len(sentences)) > 0:
                problem(code, f"… và {left} dòng khác; --json cho xem tất cả · {left} more lines, all of them with --json")
