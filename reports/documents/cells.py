"""The cells of a figure: its value, the one it is compared with, the change. Silence is never printed as 0."""

from collections.abc import Iterable

from reports.documents.document_model import SUPPRESSED, Cell, cell
from reports.model import Comparison, Figure, Origin
from texts.wording import change

NOT_REPORTED = "chưa có báo cáo"
NOT_RECORDED = "chưa ghi nhận"
"""Stands for a 0 of which not every post was heard."""
NO_EARLIER = "chưa có"
"""Stands under "cùng kỳ năm trước" where there is no such figure."""
SUPPRESSED_NOTE = f"{SUPPRESSED} : không công bố, dưới mức tối thiểu."
PARTIAL_NOTE = "Số giảm có thể do kỳ này chưa đủ báo cáo của các đồn."


def is_suppressed(figure: Figure) -> bool:
    """Whether it has a number that is not published."""
    return figure.value is None and not figure.unheard


def is_complete(figure: Figure) -> bool:
    """Whether a 0 of it means that there was nothing: every post was heard for all of the period, or it does not hang on posts."""
    return figure.coverage is None or figure.coverage.everybody


def _then_complete(comparison: Comparison) -> bool:
    """Whether an earlier 0 means that there was nothing; a published one does."""
    return comparison.coverage is None or comparison.coverage.everybody


def value_cell(figure: Figure) -> Cell:
    """The figure itself."""
    if figure.unheard:
        return Cell(NOT_REPORTED)
    return Cell(NOT_RECORDED) if figure.value == 0 and not is_complete(figure) else cell(figure.value)


def before_cell(figure: Figure, comparison: Comparison | None) -> Cell:
    """The earlier figure. A missing figure is never shown as 0; a figure of a moment is not compared at all."""
    if comparison is None:
        return cell(SUPPRESSED if is_suppressed(figure) else "-")
    if comparison.before == 0 and not _then_complete(comparison):
        return Cell(NOT_RECORDED)
    return cell(NO_EARLIER if comparison.before is None else comparison.before)


def change_text(figure: Figure, comparison: Comparison | None) -> str:
    """The change, in words. It is suppressed with its figure, which could be worked out from it."""
    if is_suppressed(figure):
        return SUPPRESSED
    now, then = value_cell(figure).value, None if comparison is None else before_cell(figure, comparison).value
    return "-" if now is None or then is None else change(figure.unit, now, then)


def origin_text(comparison: Comparison) -> str:
    """Where the earlier figure is from."""
    if comparison.before is None or comparison.origin is None:
        return "-"
    where = "số đã công bố" if comparison.origin is Origin.BASELINE else "dữ liệu của hệ thống"
    return f"{where}, kỳ {comparison.period}" + (f": {comparison.source}" if comparison.source else "")


def notes_on(figures: Iterable[tuple[Figure, Comparison | None]]) -> tuple[str, ...]:
    """What the signs of figures in a table mean, and what a decrease may come from."""
    listed = list(figures)
    suppressed = (SUPPRESSED_NOTE,) if any(is_suppressed(figure) for figure, _ in listed) else ()
    falls = any(not is_complete(figure) and change_text(figure, comparison).startswith("giảm") for figure, comparison in listed)
    return suppressed + ((PARTIAL_NOTE,) if falls else ())
