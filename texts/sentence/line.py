"""Which boundary line the markers of a text stand on. The lines with Lào and Campuchia number their markers from the same digits (`domain.md` 3.3)."""

import functools
import re

from border.data_tables import table
from border.marker_words import OTHER_LINE
from border.places import gates, posts, provinces
from texts.sentence.words import Sentence

VN_CN = "VN-CN"
_OURS = re.compile(r"(?<!\w)việt(?:\s+nam)?\s*-\s*(?:trung quốc|trung)(?!\w)|(?:lào|cam-?pu-?chia)\s*-\s*trung quốc", re.IGNORECASE)
_ACROSS = re.compile(
    r"(?<!\w)(?:[Ss]ang|[Tt]ừ|[Qq]ua|[Đđ]ất|[Pp]hía|[Bb]ên|[Bb]ạn|[Nn]ước|[Gg]iáp|[Nn]ội địa) (?:Lào(?! Cai)|Cam-?pu-?chia|CPC)(?!\w)"
)
_HOME = re.compile(r"(?<!\w)(?:trú|quê|ngụ|hộ khẩu|sinh ra|biển số)(?!\w)[^.;)]{0,60}$", re.IGNORECASE)


def line(sentence: Sentence) -> str | None:
    """The line that the text names, else that with China; None where the text speaks of two, or of places on another."""
    named = {"VN-LA" if "lào" in match[0].lower() else "VN-KH" for match in OTHER_LINE.finditer(sentence.even)}
    if not named and not _speaks_of_another(sentence):
        return VN_CN
    return named.pop() if len(named) == 1 and not _OURS.search(sentence.even) else None


def without_line(even: str) -> str:
    """The text with the names of other lines crossed out, as long as before."""
    return OTHER_LINE.sub(lambda name: "x" * len(name[0]), even)


def _speaks_of_another(sentence: Sentence) -> bool:
    """Whether the text goes over another line, or is at a place on one and at none on ours."""
    return _ACROSS.search(sentence.even) is not None or (names_another(sentence) and not _names()[0].search(sentence.even))


def names_another(sentence: Sentence) -> bool:
    """Whether the text names a place of another line that is nobody's home. Names recur: there is a Thanh Thủy on two lines."""
    return any(not _HOME.search(sentence.before(match.start())) for match in _names()[1].finditer(sentence.even))


@functools.cache
def _names() -> tuple[re.Pattern[str], re.Pattern[str]]:
    ours = {row.name for rows in (posts(), provinces(), gates()) for row in rows.values()}
    others = {row["name"] for row in table("other_line_places.csv")}
    return tuple(re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, sorted(names)))})(?!\w)") for names in (ours, others))  # type: ignore[return-value]  # two
