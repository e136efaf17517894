"""A bad deploy must not drain a topic into the bin: too many dead letters, and the worker stops itself."""

from collections import Counter, deque
from dataclasses import dataclass, field


@dataclass(slots=True)
class Fuse:
    """Counts dead letters among the last events.

    Blows at `letters` dead letters from `sources` different sources, or `crashes` rule crashes, among the last `window` events. One
    broken post alone never stops the nation.
    """

    window: int = 1000
    letters: int = 50
    sources: int = 3
    crashes: int = 20
    _seen: int = 0
    _dead: deque[tuple[int, str, bool]] = field(default_factory=deque)

    def passed(self) -> None:
        """An event was accepted."""
        self._seen += 1

    def failed(self, source: str | None, *, crash: bool) -> str | None:
        """A dead letter of this source (None: unreadable) is to be written. Returns why the fuse blows, if it does."""
        self._seen += 1
        self._dead.append((self._seen, source or "?", crash))
        while self._dead[0][0] <= self._seen - self.window:
            self._dead.popleft()
        crashes = sum(crash for _, _, crash in self._dead)
        sources = Counter(source for _, source, _ in self._dead)
        if crashes >= self.crashes:
            return f"{crashes} rule crashes among the last {self.window} events"
        if len(self._dead) >= self.letters and len(sources) >= self.sources:
            worst = ", ".join(f"{source} {count}" for source, count in sources.most_common(3))
            return f"{len(self._dead)} dead letters from {len(sources)} sources among the last {self.window} events ({worst})"
        return None

    def reset(self) -> None:
        """Somebody looked and resumed: count anew."""
        self._dead.clear()
