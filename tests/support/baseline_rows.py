"""A reading as the CSV a person would load."""

import csv
import io

from reports.baselines.line import COLUMNS
from texts.report.model import ReportReading


def csv_of(reading: ReportReading) -> str:
    """Its rows, with the header."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(reading.rows())
    return text.getvalue()
