"""State-secret markings: such a payload has no place on a wide-area Kafka and is refused unread (`domain.md` section 9).

Levels: Mật, Tối mật, Tuyệt mật (Law on protection of state secrets, 117/2025/QH15). A marking is the lowest level standing alone in
capitals, as a whole text, in quotes, in brackets, after "Độ mật:" or in the law's own words, or one of the two higher levels anywhere.
*mật phục*, *mật ong*, *bí mật* and *mật khẩu* are words, in capitals too, and so is *tối mật phục*, an ambush in the evening; where
capitals leave it open, it is a marking: a refused event can be reworded, a leaked one cannot be called back.

A text is read as a person sees it: characters of no width and look-alike letters, letters set apart and words run together, HTML's
entities, the fonts of before Unicode (TCVN3, VNI), and capitals without diacritics, as telegrams have them.
"""

import html
import re
import unicodedata
from collections.abc import Iterator

from schemas.invisible import BRAILLE_BLANK, IGNORABLE

_MARKING = re.compile(
    r"""
      (?i: t\ ?(?:ố\ ?i|u\ ?y\ ?ệ\ ?t) \ ?m\ ?ậ\ ?t (?!\ ?(?:phục|độ(?!\ ?khẩn))(?!\w)) )
    | (?i: (?<!bí)(?<!bí\ ) (?<!bảo)(?<!bảo\ ) (?<!giải)(?<!giải\ ) (?<!\bcơ)(?<!\bcơ\ ) (?<!\băn\ ) (?<!\bthân\ ) (?<!\btúi\ ) (?<!\bsỏi\ )
           (?<!\brỉ\ ) (?<!\blít\ ) )
      (?:M\ ?Ậ\ ?T | [Mm]Ậ[Tt] | [Mm]ậT)
      (?i: (?!\ ?(?:phục|ong|gấu|mía|lợn|trăn|khẩu|độ(?!\ ?khẩn)|thiết(?!\ ?bị)|mã(?!\ ?số)|danh(?!\ ?sách)|ước)(?!\w)) )
    | (?i: độ\ ?m\ ?ậ\ ?t (?:\ ?[:=-] | \ là(?!\w) | [^.;:=]{1,30}[:=] )? \ ?m\ ?ậ\ ?t (?!\w) (?!\ ?(?:phục|ong|độ|khẩu)(?!\w)) )
    | (?i: bí\ ?mật\ ?nh\w{1,3}\ ?n\w{2,5}\ ?độ\ ?mật )
    | [(\[【]\ ?(?:(?i:mật)|MAT)\ ?[)\]】]
    | ["'“‘«<{]\ ?Mật\ ?["'”’»>}]
    | ^\W*Mật\W*$
    | (?<!\w)T\ ?(?:O\ ?I|U\ ?Y\ ?E\ ?T)\ ?M\ ?A\ ?T(?!\w)(?!\ ?(?:PHUC|TICH|DO(?!\ ?KHAN))(?!\w))
    | (?<!\w)[DĐ]\ ?O\ ?M\ ?A\ ?T\ ?(?:[:=-]\ ?|LA\ )M\ ?A\ ?T(?!\w)
    """,
    re.VERBOSE,
)

_SYLLABLE = re.compile(r"[Mm]\ ?[ẬậA]\ ?[Tt]", re.VERBOSE)
"""Every marking holds it, and finding it is quick."""

_LOOK_ALIKE = (
    {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}  # full width
    | {chr(code): unicodedata.normalize("NFKC", chr(code)) for code in range(0x1D400, 0x1D6A4)}  # mathematical
    | dict(zip("АЕІМОТУЅаеімоту", "AEIMOTYSaeimoty", strict=True))  # Cyrillic
    | dict(zip("ΑΕΙΜΟΤΥ", "AEIMOTY", strict=True))  # Greek
    | dict(zip("ÐƉðɖ", "ĐĐđđ", strict=True))
)
_TONE_MARKS = "\u0300\u0301\u0302\u0303\u0306\u0309\u031b\u0323"
_OTHER_MARKS = frozenset(map(chr, range(0x0300, 0x0370))) - frozenset(_TONE_MARKS)
_AS_SEEN = str.maketrans(_LOOK_ALIKE | dict.fromkeys(IGNORABLE | _OTHER_MARKS) | {"_": " ", BRAILLE_BLANK: " "})
_JOINED = re.compile(r"(?<=[^\W_])[-./|*+~·•\u2010-\u2015]{1,3}(?=[^\W_])")

_TCVN3 = str.maketrans("§®éËèÖÝµí\u00ad", "Đđộậốệíàớư")
_VNI = {"aä": "ậ", "oä": "ộ", "oá": "ố", "eä": "ệ", "ñ": "đ"}
_VNI_LETTER = re.compile("|".join(_VNI), re.IGNORECASE)

_CIRCUMFLEX_OR_DOT = 0xCC
"""Of either mark, the first byte of UTF-8."""
_TELEGRAM = re.compile(rb"M[^A-Za-z]*A[^A-Za-z]*T")
_VOWEL = re.compile(rb"\xe1\xba[\xac\xad](?![A-SU-Za-su-z])(?<![A-LN-Za-ln-z]...)", re.DOTALL)
_ESCAPED_CONTROL = re.compile(rb"\\(?:[bfnrt]|u00[01][0-9a-f])")
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")


def marked_secret(text: str) -> bool:
    """Whether a text carries a state-secret marking, however it is spelled."""
    if "&" in text:
        text = html.unescape(text)
    seen = map(_as_seen, _readings(unicodedata.normalize("NFC", text)))
    return any(_SYLLABLE.search(reading) and _MARKING.search(reading) for reading in seen)


def may_be_marked(written: bytes) -> bool:
    """Whether JSON is worth searching: quick, and never False where a text in it is marked. What is written in it has no letter escaped.

    Every marking holds the letters of MẬT: with a vowel that does not plainly belong to another word, or one put together from parts, or
    one of an old font; or those of MAT; or letters of other alphabets that look like them.
    """
    if 0x5C in written:  # a backslash
        written = _ESCAPED_CONTROL.sub(b" ", written)
    return (
        _CIRCUMFLEX_OR_DOT in written
        or 0xD0 in written  # Cyrillic capitals
        or 0xCE in written  # Greek
        or 0xEF in written  # full width
        or 0xF0 in written  # mathematical
        or 0x26 in written  # an entity
        or (0x8B in written and b"\xc3\x8b" in written)  # TCVN3
        or (0x84 in written and b"\xc3\x84" in written)  # VNI
        or (0xA4 in written and b"\xc3\xa4" in written)
        or _VOWEL.search(written) is not None
        or _TELEGRAM.search(written) is not None
    )


def legible(raw: bytes) -> Iterator[str]:
    """What a payload that is no JSON says, as far as it can be made out: in UTF-8, UTF-16, UTF-32, and as older programs of Vietnam wrote."""
    for encoding in ("utf-8", "latin-1", "cp1258", *(("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be") if b"\x00" in raw else ())):
        text = raw.decode(encoding, "replace")
        yield _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text) if "\\u" in text else text


def _readings(text: str) -> Iterator[str]:
    """The text as it stands, and as it looks in an old font where it may be of one."""
    yield text
    if "Ë" in text:
        yield text.translate(_TCVN3)
    if "ä" in text or "Ä" in text:
        yield _VNI_LETTER.sub(_in_unicode, text)


def _in_unicode(letter: re.Match[str]) -> str:
    composed = _VNI[letter[0].lower()]
    return composed if letter[0].islower() else composed.upper()


def _as_seen(text: str) -> str:
    """Without what does not show, in Vietnamese letters, with one space wherever words or letters are set apart."""
    shown = unicodedata.normalize("NFC", text.translate(_AS_SEEN))
    return " ".join(_JOINED.sub(" ", shown).split())
