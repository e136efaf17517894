"""Characters that show nothing: they can hide a marking, and a text of nothing else says nothing."""

import unicodedata

_RANGES = (
    *((0x00AD, 0x00AD), (0x034F, 0x034F), (0x061C, 0x061C), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F), (0x200B, 0x200F)),
    *((0x202A, 0x202E), (0x2060, 0x206F), (0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF), (0xFFA0, 0xFFA0), (0xFFF0, 0xFFF8)),
    *((0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF)),
)
IGNORABLE = frozenset(chr(code) for first, last in _RANGES for code in range(first, last + 1))
"""Unicode's `Default_Ignorable_Code_Point`: characters of no width."""
BRAILLE_BLANK = "\u2800"
"""As wide as a letter, with nothing in it."""


def is_blank(text: str) -> bool:
    """Whether a text shows nothing: spaces, characters of no width, control characters."""
    return all(
        letter.isspace() or letter in IGNORABLE or letter == BRAILLE_BLANK or unicodedata.category(letter) in ("Cc", "Cf")
        for letter in text
    )
