"""Characters that show nothing. They can hide a marking, and a text of nothing else is blank."""

_RANGES = (
    (0x00AD, 0x00AD),
    (0x034F, 0x034F),
    (0x061C, 0x061C),
    (0x115F, 0x1160),
    (0x17B4, 0x17B5),
    (0x180B, 0x180F),
    (0x200B, 0x200F),
    (0x202A, 0x202E),
    (0x2060, 0x206F),
    (0x3164, 0x3164),
    (0xFE00, 0xFE0F),
    (0xFEFF, 0xFEFF),
    (0xFFA0, 0xFFA0),
    (0xFFF0, 0xFFF8),
    (0x1BCA0, 0x1BCA3),
    (0x1D173, 0x1D17A),
    (0xE0000, 0xE0FFF),
)
_CONTROLS = ((0x0000, 0x0008), (0x000E, 0x001B), (0x007F, 0x0084), (0x0086, 0x009F))
_FORMATS = (
    (0x0600, 0x0605),
    (0x06DD, 0x06DD),
    (0x070F, 0x070F),
    (0x0890, 0x0891),
    (0x08E2, 0x08E2),
    (0xFFF9, 0xFFFB),
    (0x110BD, 0x110BD),
    (0x110CD, 0x110CD),
    (0x13430, 0x1343F),
)


def _letters(*ranges: tuple[int, int]) -> frozenset[str]:
    return frozenset(chr(code) for first, last in ranges for code in range(first, last + 1))


IGNORABLE = _letters(*_RANGES)
"""Unicode's `Default_Ignorable_Code_Point`: characters of no width."""
INVISIBLE = IGNORABLE | _letters(*_CONTROLS, *_FORMATS)
"""The ignorable characters, and every control and format character that is no space."""
BRAILLE_BLANK = "\u2800"
"""As wide as a letter, with nothing in it."""


def is_blank(text: str) -> bool:
    """Whether a text shows nothing: spaces, characters of no width, control characters."""
    return all(letter.isspace() or letter in INVISIBLE or letter == BRAILLE_BLANK for letter in text)
