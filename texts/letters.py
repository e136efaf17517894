"""Letters of Vietnamese that patterns need by their case, or that files have in the shape of another alphabet."""

CAPITAL = "[A-Z" + "".join(letter for letter in map(chr, range(0xC0, 0x1EFA)) if letter.isupper()) + "]"
"""A pattern: one capital, Đ and Ở among them."""
CROSSED_D = str.maketrans("ÐðƉɖ", "ĐđĐđ")
"""Code pages 1252 and 1258 have the first where ours is meant."""
