"""A report in any of its formats. But as PDF, the same report gives the same bytes, whatever the clock, the time zone and the language of a machine."""

from reports.documents.layout import layout
from reports.model import Report, canonical

FORMATS = ("json", "md", "docx", "xlsx")
"""What is kept of an issued report. A PDF is made of its Word document when asked for."""


def render(report: Report, form: str) -> bytes:
    """The whole file, in one of `FORMATS` or as `pdf`. Raises `ValueError` for another format."""
    # Writers and the chart's library are slow to import: who asks for JSON does not wait for them.
    match form:
        case "json":
            return canonical(report)
        case "md":
            from reports.documents.markdown import markdown  # noqa: PLC0415

            return markdown(layout(report))
        case "docx":
            from reports.documents.charts import draw  # noqa: PLC0415
            from reports.documents.word import word  # noqa: PLC0415

            document = layout(report)
            return word(document, {picture.drawing: draw(report, picture.drawing) for picture in document.pictures})
        case "xlsx":
            from reports.documents.workbook import workbook  # noqa: PLC0415

            return workbook(report, layout(report))
        case "pdf":
            from reports.documents.pdf import pdf  # noqa: PLC0415

            return pdf(render(report, "docx"))
    raise ValueError(f"{form!r}: cần một trong · needs one of {', '.join(FORMATS)}")
