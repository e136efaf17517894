"""What the styles of a Word document make of a run: hidden, capitals, struck through, raised (ECMA-376 part 1, 17.7)."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from docx.oxml.xmlchemy import BaseOxmlElement

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


class Styles:
    """The styles of one document."""

    def __init__(self, styles: "BaseOxmlElement") -> None:
        self._by_id = {style.get(f"{_W}styleId"): style for style in styles.iterchildren(f"{_W}style")}
        defaults = (
            each for each in self._by_id.values() if each.get(f"{_W}type") == "paragraph" and _is_true(each.get(f"{_W}default", "0"))
        )
        self._paragraph = next((style.get(f"{_W}styleId") for style in defaults), None)
        self._defaults = styles.find(f"{_W}docDefaults/{_W}rPrDefault/{_W}rPr")

    def is_on(self, name: str, properties: "BaseOxmlElement | None", paragraph: str | None) -> bool:
        """Whether a property is on for a run with these properties in a paragraph of this style.

        One that is on in both the paragraph's style and the letters' is off: so the standard has it for such properties.
        """
        value = _own(properties, name)
        if value is not None:
            return _is_true(value)
        of_paragraph, of_letters = (_is_true(self._inherited(name, style) or "0") for style in self._named(properties, paragraph))
        return of_paragraph != of_letters or _is_true(_own(self._defaults, name) or "0")

    def value(self, name: str, properties: "BaseOxmlElement | None", paragraph: str | None) -> str | None:
        """The value of a property: of the run, of its letters' style, of its paragraph's."""
        of_paragraph, of_letters = self._named(properties, paragraph)
        return _own(properties, name) or self._inherited(name, of_letters) or self._inherited(name, of_paragraph)

    def list_of(self, properties: "BaseOxmlElement | None", paragraph: str | None) -> tuple[str | None, int]:
        """The list a paragraph belongs to, and its level in it: its own, or that of its style. Without a list, None."""
        chain = [properties, *(style.find(f"{_W}pPr") for style in self._chain(paragraph or self._paragraph))]
        written = [numbers for each in chain if each is not None and (numbers := each.find(f"{_W}numPr")) is not None]
        number, level = (
            next((value for numbers in written if (value := _own(numbers, name)) is not None), None) for name in ("numId", "ilvl")
        )
        return number, int(level or 0)

    def _named(self, properties: "BaseOxmlElement | None", paragraph: str | None) -> tuple[str | None, str | None]:
        letters = None if properties is None else properties.find(f"{_W}rStyle")
        return paragraph or self._paragraph, None if letters is None else letters.get(f"{_W}val")

    def _inherited(self, name: str, style: str | None) -> str | None:
        return next((value for each in self._chain(style) if (value := _own(each.find(f"{_W}rPr"), name)) is not None), None)

    def _chain(self, style: str | None) -> Iterator["BaseOxmlElement"]:
        """A style and those it is based on."""
        seen = set()
        while style in self._by_id and style not in seen:
            seen.add(style)
            yield self._by_id[style]
            based = self._by_id[style].find(f"{_W}basedOn")
            style = None if based is None else based.get(f"{_W}val")


def _own(properties: "BaseOxmlElement | None", name: str) -> str | None:
    """The value of a property as it is written here; `1` where it is only named."""
    element = None if properties is None else properties.find(f"{_W}{name}")
    return None if element is None else str(element.get(f"{_W}val", "1"))


def _is_true(value: str) -> bool:
    return value not in ("0", "false", "off")
