"""The result of reading a report: proposed figures, matters at markers, and unread counts. A person confirms it."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from agreement.periods import Regime
from schemas.codebook import Kind, Side
from texts.numbers import for_json
from texts.report.period import Confidence
from texts.wording import number


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a document: `quote` is its own words without line breaks and bold marks."""

    line: int
    page: int | None
    quote: str


@dataclass(frozen=True, slots=True)
class Derived:
    """How a comparison gives a figure of an earlier period."""

    period: str
    """The later period."""
    value: Decimal
    change: Decimal
    """`tăng 04` is 4, `giảm 15` is -15."""


@dataclass(frozen=True, slots=True)
class Proposed:
    """One figure of the document."""

    figure: str
    value: Decimal
    unit: str
    """The province's code; empty where it cannot be told."""
    period: str
    """Empty where it cannot be told."""
    spot: Spot
    confidence: Confidence
    derived: Derived | None = None
    regime: Regime | None = None
    """Known where the document states the days; None: either."""
    notes: tuple[str, ...] = ()
    """Remarks to the person, in Vietnamese."""

    @property
    def how(self) -> str:
        """The calculation of a derived figure: `suy ra: 8 - 4`. Else empty."""
        if self.derived is None:
            return ""
        if not self.derived.change:
            return f"suy ra: bằng {number(self.derived.value)}"
        sign = "+" if self.derived.change < 0 else "-"
        return f"suy ra: {number(self.derived.value)} {sign} {number(abs(self.derived.change))}"


@dataclass(frozen=True, slots=True)
class Matter:
    """Something that happened at markers, to be recorded as an event or looked up; never a baseline."""

    kind: Kind | None
    """None: the person decides."""
    markers: tuple[str, ...]
    """Canonical; empty where they need a review, for the reason in `notes`."""
    side: Side | None
    unit: str
    period: str
    spot: Spot
    confidence: Confidence
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unread:
    """A count that is not read as a figure, and why."""

    spot: Spot
    why: str


@dataclass(frozen=True, slots=True)
class ReadNumber:
    """One number of the text, and what became of it."""

    line: int
    page: int | None
    written: str
    figures: tuple[str, ...]
    """The figures it states, or of whose earlier value it gives the change; empty where it does neither."""
    why: str
    """What it is, or why it is unread, Vietnamese; empty where it is a figure's value."""


@dataclass(frozen=True, slots=True)
class ReportReading:
    """The result of reading one document."""

    source: str
    unit: str
    figures: tuple[Proposed, ...]
    matters: tuple[Matter, ...]
    unread: tuple[Unread, ...]
    numbers: tuple[ReadNumber, ...]
    """Every number of the text."""

    def as_json(self) -> dict[str, Any]:
        """The output of `mocgioi report read --json`."""
        return {
            "source": self.source,
            "unit": self.unit or None,
            "figures": [_figure(self, each) for each in self.figures],
            "matters": [_matter(each) for each in self.matters],
            "unread": [asdict(each.spot) | {"why": each.why} for each in self.unread],
            "numbers": [asdict(each) for each in self.numbers],
        }

    def rows(self) -> Iterator[dict[str, str]]:
        """The figures as rows of a baseline file: `source` holds the remarks to the person, `page` the place."""
        for figure in self.figures:
            remarks = [
                *filter(None, [figure.how]),
                *figure.notes,
                *([] if figure.confidence == "high" else [f"độ chắc: {_SURE[figure.confidence]}"]),
            ]
            yield {
                "unit": figure.unit,
                "period": figure.period,
                "regime": figure.regime or "",
                "figure": figure.figure,
                "value": f"{figure.value:f}",
                "source": f"{self.source}: “{_begun(figure.spot.quote)}”" + (f" ({'; '.join(remarks)})" if remarks else ""),
                "page": place(figure.spot),
            }


_QUOTED = 80
"""Characters that a baseline quotes: enough to find the sentence, few enough for a report's table."""


def _begun(quote: str) -> str:
    """The quote, or its first whole words."""
    return quote if len(quote) <= _QUOTED else f"{quote[:_QUOTED].rsplit(maxsplit=1)[0]} …"


_SURE = {"high": "cao", "medium": "vừa", "low": "thấp"}


def place(spot: Spot) -> str:
    """`trang 2, dòng 31`."""
    return f"dòng {spot.line}" if spot.page is None else f"trang {spot.page}, dòng {spot.line}"


def _figure(reading: ReportReading, figure: Proposed) -> dict[str, Any]:
    derived = None
    if figure.derived is not None:
        derived = {
            "period": figure.derived.period,
            "value": for_json(figure.derived.value),
            "change": for_json(figure.derived.change),
            "how": figure.how,
        }
    return {
        "unit": figure.unit or None,
        "period": figure.period or None,
        "regime": figure.regime,
        "figure": figure.figure,
        "value": for_json(figure.value),
        "source": reading.source,
        "page": figure.spot.page,
        "line": figure.spot.line,
        "quote": figure.spot.quote,
        "confidence": figure.confidence,
        "derived": derived,
        "notes": list(figure.notes),
    }


def _matter(matter: Matter) -> dict[str, Any]:
    return {
        "kind": matter.kind,
        "markers": list(matter.markers),
        "side": matter.side,
        "unit": matter.unit or None,
        "period": matter.period or None,
        **asdict(matter.spot),
        "confidence": matter.confidence,
        "notes": list(matter.notes),
    }
