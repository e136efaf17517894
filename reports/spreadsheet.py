"""Text in a CSV file that a person may open as a spreadsheet."""

_FORMULA = tuple("=+-@＝＋－＠")
_CONTROL = tuple("\t\r\n")


def inert(text: str) -> str:
    """A text that a spreadsheet would take for a formula with an apostrophe before it, which makes it text; every other as it is."""
    return f"'{text}" if text.lstrip().startswith(_FORMULA) or text.startswith(_CONTROL) else text
