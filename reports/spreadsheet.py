"""Text in a CSV file that a person may open as a spreadsheet."""

_FORMULA = tuple("=+-@＝＋－＠")
_CONTROL = tuple("\t\r\n")


def inert(text: str) -> str:
    """The text, with an apostrophe before it if a spreadsheet would take it for a formula: then it stays text."""
    return f"'{text}" if text.lstrip().startswith(_FORMULA) or text.startswith(_CONTROL) else text
