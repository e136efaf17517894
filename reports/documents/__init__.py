"""A report in any of its formats. The same report gives the same bytes, whatever the clock, the time zone and the language of a machine."""

from enum import StrEnum

from reports.documents.layout import layout
from reports.model import Report, canonical


class Format(StrEnum):
    """What a report can be written as."""

    JSON = "json"
    """The report itself: figures with what they count, sentences, checks."""
    MARKDOWN = "md"
    WORD = "docx"
    WORKBOOK = "xlsx"


FORMATS = tuple(form.value for form in Format)


def render(report: Report, form: str) -> bytes:
    """The whole file. Raises `ValueError` for another format."""
    # Writers and the chart's library are slow to import: who asks for JSON does not wait for them.
    match Format(form):
        case Format.MARKDOWN:
            from reports.documents.markdown import markdown  # noqa: PLC0415

            return markdown(layout(report))
        case Format.WORD:
            from reports.documents.charts import draw  # noqa: PLC0415
            from reports.documents.word import word  # noqa: PLC0415

            laid = layout(report)
            return word(laid, {picture.drawing: draw(report, picture.drawing) for picture in laid.pictures})
        case Format.WORKBOOK:
            from reports.documents.workbook import workbook  # noqa: PLC0415

            return workbook(report, layout(report))
    return canonical(report)
