"""State-secret markings: such a payload has no place on a wide-area Kafka and is refused unread (`domain.md` section 9).

Levels: Mật, Tối mật, Tuyệt mật (Law on protection of state secrets, 117/2025/QH15). A marking is the lowest level standing alone in
capitals, as a whole text, in quotes, in brackets, after "Độ mật:" or in the law's own words, or one of the two higher levels anywhere.
*mật phục*, *mật ong*, *bí mật* and *mật khẩu* are words, in capitals too, and so is *tối mật phục*, an ambush in the evening; where
capitals leave it open, it is a marking: a refused event can be reworded, a leaked one cannot be called back.

A text is read as a person sees it: characters of no width and look-alike letters, letters set apart and words run together, tags and
entities of HTML, escapes, UTF-8 read as Latin-1, the fonts of before Unicode (TCVN3, VNI), and capitals without diacritics, as telegrams
have them.
"""

import html
import re
import unicodedata
from collections.abc import Iterator

from schemas.heaps import without_heaps
from schemas.invisible import BRAILLE_BLANK, INVISIBLE

_MARKING = re.compile(
    r"""
      (?i: t\ ?(?:ố\ ?[il1]|u\ ?y\ ?ệ\ ?t) \ ?m\ ?ậ\ ?t (?!\ ?(?:phục|tập(?!\ ?(?:\d|tin))|độ(?!\ ?khẩn))(?!\w)) )
    | (?i: (?<!bí)(?<!bí\ ) (?<!bảo)(?<!bảo\ ) (?<!giải)(?<!giải\ ) (?<!\bcơ)(?<!\bcơ\ ) (?<!\băn\ ) (?<!\bthân\ ) (?<!\btúi\ ) (?<!\bsỏi\ )
           (?<!\brỉ\ ) (?<!\blít\ ) )
      (?:M\ ?Ậ\ ?T | [Mm]Ậ[Tt] | [Mm]ậT)
      (?i: (?!\ ?(?:phục|ong|gấu|mía|lợn|trăn|khẩu|độ(?!\ ?khẩn)|thiết(?!\ ?bị)|mã(?!\ ?số)|danh(?!\ ?sách)|ước)(?!\w)) )
    | (?i: độ\ ?m\ ?ậ\ ?t (?:\ ?[:=-] | \ là(?!\w) | [^.;:=]{1,30}[:=] )? \ ?["'“]?\ ?m\ ?ậ\ ?t (?!\w) (?!\ ?(?:phục|ong|độ|khẩu)(?!\w)) )
    | (?i: bí\ ?mật\ ?nh\w{1,3}\ ?n\w{2,5}\ ?độ\ ?mật )
    | [(\[【]\ ?(?:(?i:m\ ?ậ\ ?t)|MAT)\ ?[)\]】]
    | ["'“‘«<{]\ ?Mật\ ?["'”’»>}]
    | ^\W*Mật\W*$
    | (?:(?<!\w)T\ ?[O0]\ ?[I1] | T\ ?U\ ?Y\ ?E\ ?T)\ ?M\ ?A\ ?T(?![^\W\d])(?!\ ?(?:PHUC|TICH|DO(?!\ ?KHAN))(?!\w))
    | (?<!\w)[DĐ]\ ?O\ ?M\ ?A\ ?T"?\ ?(?:[:=-]\ ?|LA\ )"?M\ ?A\ ?T(?!\w)
    """,
    re.VERBOSE,
)

_SYLLABLE = re.compile(r"[Mm]\ ?[ẬậA]\ ?[Tt]", re.VERBOSE)
"""Every marking contains this, and it is quick to find."""

_LATIN = "ADEIMOTUY"
_LOOK_ALIKE = (
    {chr(first + number): chr(ord("A") + number) for first in (0x1F150, 0x1F170, 0x1F1E6) for number in range(26)}  # on black, flags
    | {chr(code): unicodedata.normalize("NFD", chr(code))[0] for code in range(0x1E00, 0x1E80)}  # with marks that Vietnamese has not
    | dict(zip("АЕІМОТУЅҮаеімоту", "AEIMOTYSYaeimoty", strict=True))  # Cyrillic
    | dict(zip("ΑΕΙΜΟΤΥαιοτυ", "AEIMOTYaiotu", strict=True))  # Greek
    | dict(zip("ᴀᴅᴇɪᴍᴏᴛᴜʏ", _LATIN, strict=True))  # small capitals
    | dict(zip("ꓮꓓꓰꓲꓟꓳꓔꓴꓬ", _LATIN, strict=True))  # Lisu
    | dict(zip("ᎪᎠᎬᎷᎢᎩ", "ADEMTY", strict=True))  # Cherokee
    | dict(zip("ⲀⲈⲒⲘⲞⲦ", "AEIMOT", strict=True))  # Coptic
    | dict(zip("ÐƉðɖı", "ĐĐđđi", strict=True))
)
_TONE_MARKS = "\u0300\u0301\u0302\u0303\u0306\u0309\u031b\u0323"
_OTHER_MARKS = frozenset(map(chr, (*range(0x0300, 0x0370), *range(0x20D0, 0x20F1)))) - frozenset(_TONE_MARKS)
_AS_SEEN = str.maketrans(_LOOK_ALIKE | dict.fromkeys(INVISIBLE | _OTHER_MARKS) | {"_": " ", BRAILLE_BLANK: " "})
_STYLED = re.compile(r"[^\x00-\u036f\u1e00-\u1eff]+")
"""What may be a letter in another form: in a circle, bold, of full width."""
_IN_BRACKETS = re.compile(r"\((\w)\)")
_SEPARATOR = r"[-./|*+~^#'’\\·•∙‧⋅・−\u2010-\u2015]"
_JOINED = re.compile(rf"(?<=[^\W_]){_SEPARATOR}{{1,3}}(?=[^\W_])")
_SPELT = re.compile(rf"(?<=(?<!\w)\w) ?{_SEPARATOR}{{1,3}} ?(?=\w(?!\w))")

_TCVN3 = str.maketrans("§®éËèÖÝµí\u00ad", "Đđộậốệíàớư")
_VNI = {"aä": "ậ", "oä": "ộ", "oá": "ố", "eä": "ệ", "ñ": "đ"}
_VNI_LETTER = re.compile("|".join(_VNI), re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,200}>")
_WINDOWS = {bytes([code]).decode("cp1252"): chr(code) for code in range(0x80, 0xA0) if code not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)}
_OCTETS = str.maketrans(_WINDOWS)
_MISREAD = re.compile(r"[\xc3-\xf4][\x80-\xbf]+")

_CIRCUMFLEX_OR_DOT = 0xCC
"""Of either mark, the first byte of UTF-8."""
_TELEGRAM = re.compile(rb"M[^A-Za-z]*A[^A-Za-z]*T")
_VOWEL = re.compile(rb"\xe1(?:\xba[\xac\xad](?![A-SU-Za-su-z])(?<![A-LN-Za-ln-z]...)|[^\xba\xbb])", re.DOTALL)
"""Ậ where it does not plainly belong to another word; or a letter of that part of Unicode which is not Vietnamese's."""
_SYMBOL = re.compile(rb"\xe2[\x84\x85\x92\x93\xb2\xb3]")
"""Letters as symbols and in circles, and Coptic; not the dashes and quotation marks that begin with the same byte."""
_ESCAPED_CONTROL = re.compile(rb"\\(?:[bfnrt]|u00[01][0-9a-f])")
_ESCAPE = re.compile(r"\\+u([0-9a-fA-F]{4})")
_TIMES_ESCAPED = 3


def marked_secret(text: str) -> bool:
    """Whether a text carries a state-secret marking, however it is spelled."""
    seen = map(_as_seen, _readings(unicodedata.normalize("NFC", without_heaps(_unescaped(text)))))
    return any(_SYLLABLE.search(reading) and _MARKING.search(reading) for reading in seen)


def may_be_marked(written: bytes) -> bool:
    """A quick test whether JSON without escaped letters is worth searching. It is never False where a text in it is marked.

    Every marking contains the letters of MẬT or MAT: with a vowel that does not plainly belong to another word, a composed vowel, or one of
    an old font; or look-alikes of them; or escaped ones; or ones set apart by tags.
    """
    if 0x5C in written:  # a backslash
        if b"\\\\u" in written:
            return True
        written = _ESCAPED_CONTROL.sub(b" ", written)
    return (
        _CIRCUMFLEX_OR_DOT in written
        or 0xD0 in written  # Cyrillic
        or 0xD1 in written
        or 0xCE in written  # Greek
        or 0xCF in written
        or 0xEA in written  # Lisu
        or 0xEF in written  # full width
        or 0xF0 in written  # mathematical
        or 0x26 in written  # an entity
        or 0x3C in written  # a tag
        or (0x8B in written and b"\xc3\x8b" in written)  # TCVN3
        or (0x84 in written and b"\xc3\x84" in written)  # VNI
        or (0xA4 in written and b"\xc3\xa4" in written)
        or (0xC2 in written and b"\xc2\xba" in written)  # UTF-8 read as Latin-1
        or (0xE2 in written and _SYMBOL.search(written) is not None)
        or _VOWEL.search(written) is not None
        or _TELEGRAM.search(written) is not None
    )


def marked_payload(raw: bytes) -> bool:
    """Whether bytes that are no JSON carry a marking in any likely encoding: UTF-8, UTF-16, UTF-32, or those of older Vietnamese programs."""
    encodings = "utf-8", "latin-1", "cp1258", *(("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be") if b"\x00" in raw else ())
    return any(marked_secret(raw.decode(encoding, "replace")) for encoding in encodings)


def is_legible(raw: bytes) -> bool:
    """Whether bytes are UTF-8 text, which can be searched for markings. Other bytes may hold one, so they are not kept."""
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return b"\x00" not in raw


def _unescaped(text: str) -> str:
    """The text without the entities of HTML and the escapes of JSON, each of which may have been escaped again."""
    for _ in range(_TIMES_ESCAPED):
        before = text
        if "&" in text:
            text = html.unescape(text)
        if "\\" in text:
            text = _ESCAPE.sub(lambda escape: chr(int(escape[1], 16)), text)
        if text == before:
            break
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")  # join surrogate pairs that were escaped one by one


def _readings(text: str) -> Iterator[str]:
    """The text as it stands, and as it reads if it was written in an old font, decoded wrongly, or is HTML."""
    yield text
    if "Ë" in text:
        yield text.translate(_TCVN3)
    if "ä" in text or "Ä" in text:
        yield _VNI_LETTER.sub(_in_unicode, text)
    if "áº" in text:
        yield _MISREAD.sub(lambda octets: octets[0].encode("latin-1").decode("utf-8", "replace"), text.translate(_OCTETS))
    if "<" in text:
        yield _TAG.sub("", text)


def _in_unicode(letter: re.Match[str]) -> str:
    composed = _VNI[letter[0].lower()]
    return composed if letter[0].islower() else composed.upper()


def _as_seen(text: str) -> str:
    """The text as a person sees it: visible Vietnamese letters only, one space between separated words or letters."""
    plain = _STYLED.sub(lambda run: _IN_BRACKETS.sub(r"\1", unicodedata.normalize("NFKC", run[0])), text)
    shown = unicodedata.normalize("NFC", plain.translate(_AS_SEEN))
    return _SPELT.sub(" ", " ".join(_JOINED.sub(" ", shown).split()))
