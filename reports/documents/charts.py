"""The two charts: breaches by month and side, and the strip of markers, of a report that has some. The same report gives the same bytes.

Drawn by matplotlib's own Agg canvas with its own font, never by a window system or the fonts and settings of a machine.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from agreement.figure_families import SIDES
from reports.documents.document_model import Drawing
from reports.documents.palette import COLOURS, HATCHES
from reports.documents.strip import dots, stretch
from reports.model import Report
from reports.names import month_name, side_name
from schemas.codebook import Side

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_DPI = 200
_WIDTH_IN = 6.3
_INK = "#222222"
_FONT = "reports serif"
"""The DejaVu Serif that comes with matplotlib, by a name no font of a machine has: those may be of another version."""


def draw(report: Report, drawing: Drawing) -> bytes:
    """A PNG, 160 mm wide at its own resolution."""
    with _own_look():
        from matplotlib.figure import Figure  # noqa: PLC0415  # half a second: only who draws waits for it

        sides = _sides(report)
        figure = Figure(figsize=(_WIDTH_IN, 2.6 if drawing is Drawing.MONTHS else 0.9 + 0.34 * len(sides)), layout="constrained")
        axes = figure.subplots()
        (_months if drawing is Drawing.MONTHS else _strip)(axes, report, sides)
        return _png(figure)


def _months(axes: "Axes", report: Report, sides: list[Side]) -> None:
    """Draw a bar for each month, with the sides stacked."""
    names = [month_name(month.id) for month in report.months]
    below = [0] * len(names)
    for side in sides:
        heights = [month.sides.get(side, 0) for month in report.months]
        axes.bar(
            range(len(names)),
            heights,
            bottom=below,
            width=0.6,
            color=COLOURS[side],
            edgecolor="white",
            linewidth=0.5,
            hatch=HATCHES.get(side),
            label=side_name(side),
        )
        below = [low + height for low, height in zip(below, heights, strict=True)]
    for position, height in enumerate(below):
        if height:
            axes.annotate(str(height), (position, height), xytext=(0, 2), textcoords="offset points", ha="center", fontsize=7.5)
    step = -(-len(names) // 12) or 1
    axes.set_xticks(range(0, len(names), step), names[::step], fontsize=7)
    axes.set_xlim(-0.6, len(names) - 0.4)
    axes.set_ylim(0, max(below) * 1.18)
    axes.locator_params(axis="y", integer=True)
    axes.set_ylabel("số vụ")
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, 1.2), ncols=6, frameon=False, fontsize=7.5, handlelength=1.2)


def _strip(axes: "Axes", report: Report, sides: list[Side]) -> None:
    """Draw a lane for each side and a dot for each breach; dots at one place stand beside each other."""
    first, last = stretch(report)
    room = max(1.0, (last - first) / 110)
    for lane, side in enumerate(reversed(sides)):
        placed: list[tuple[float, float]] = []
        for dot in sorted((dot for dot in dots(report) if dot.side == side), key=lambda dot: dot.main):
            near = sum(abs(dot.main - main) < room for main, _ in placed)
            placed.append((dot.main, lane + 0.11 * (near % 4) * (-1) ** near))
        axes.axhline(lane, color="#c8c8c8", linewidth=0.8, zorder=1)
        axes.plot(
            [main for main, _ in placed],
            [height for _, height in placed],
            linestyle="none",
            marker="o",
            markersize=4.5,
            color=COLOURS[side],
            markeredgecolor="white",
            markeredgewidth=0.4,
            zorder=2,
        )
    axes.set_yticks(range(len(sides)), [side_name(side) for side in reversed(sides)])
    axes.set_ylim(-0.6, len(sides) - 0.4)
    axes.set_xlim(first - 2 * room, last + 2 * room)
    axes.set_xlabel("số hiệu mốc giới")
    axes.tick_params(axis="y", length=0)


def _sides(report: Report) -> list[Side]:
    """China, Vietnam and the other sides with a breach, in the order of the columns."""
    seen = {side for month in report.months for side, count in month.sides.items() if count} | {dot.side for dot in dots(report)}
    return [side for side in SIDES if side in seen or side in (Side.CN, Side.VN)]


@contextmanager
def _own_look() -> Iterator[None]:
    """Apply our settings, whatever matplotlibrc and fonts the machine has."""
    import matplotlib as mpl  # noqa: PLC0415  # half a second: only who draws waits for it
    from matplotlib.font_manager import FontEntry, fontManager  # noqa: PLC0415

    if not any(entry.name == _FONT for entry in fontManager.ttflist):
        own = Path(mpl.get_data_path(), "fonts", "ttf", "DejaVuSerif.ttf")
        fontManager.ttflist.append(FontEntry(fname=str(own), name=_FONT, size="scalable"))
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(
            {
                "font.family": _FONT,
                "font.size": 8,
                "text.color": _INK,
                "axes.edgecolor": "#888888",
                "axes.labelcolor": _INK,
                "axes.labelsize": 8,
                "axes.spines.top": False,
                "axes.spines.right": False,
                "xtick.color": _INK,
                "ytick.color": _INK,
                "hatch.linewidth": 0.5,
            }
        )
        yield


def _png(figure: "Figure") -> bytes:
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415  # half a second: only who draws waits for it

    FigureCanvasAgg(figure)
    out = io.BytesIO()
    figure.savefig(out, format="png", dpi=_DPI, metadata={"Software": None})
    return out.getvalue()
