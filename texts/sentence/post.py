"""Reads which post reports: a name of the posts' table after a word for a post.

The province of a report is `texts.report.province`.
"""

import functools
import re

from border.places import posts
from texts.sentence.line import names_another
from texts.sentence.words import FieldReading, MissingField, Sentence, bare, same_name

_FIELD = "source"
_ASK = "Đồn nào báo (ví dụ Đồn Biên phòng Tân Thanh)?"
_WORD = r"(?:don|dbp(?:ck)?)\s+(?:(?:bien phong|bpckqt|bpck|bp|ckqt|ck|cua khau(?: (?:quoc te|chinh|phu|song phuong))?)\s+)*"
_NOT_ITS_OWN = re.compile(r"(?<!\w)(?:cho|sang|địa bàn(?: của| do)?|khu vực (?:của|do)|giao)\s*(?:các\s+)?$", re.IGNORECASE)
_ANY_POST = re.compile(rf"(?<!\w){_WORD}(?=[^\W\d_])")
_SEVERAL = re.compile(r"(?<!\w)(?:hai|ba|các|những|0?[2-9])\s*$", re.IGNORECASE)
_TOGETHER = re.compile(r"(?<!\w)(?:phối hợp|cùng|chủ trì|hiệp đồng)(?!\w)", re.IGNORECASE)


def post_spans(sentence: Sentence) -> list[tuple[int, int, str]]:
    """The registered posts that the text names: start, end, slug."""
    pattern, slugs = _pattern()
    spans = []
    for match in pattern.finditer(sentence.bare):
        slug = slugs[match["name"]]
        if same_name(sentence.even[match.start("name") : match.end("name")], posts()[slug].name):
            spans.append((match.start(), match.end(), slug))
    return spans


def unit(sentence: Sentence) -> FieldReading | MissingField:
    """The post that reports, as the event's source. A question where the text names none, or several of equal standing."""
    spans = [
        span
        for span in post_spans(sentence)
        if not _NOT_ITS_OWN.search(sentence.before(span[0])) and not re.match(r"\s+quản lý", sentence.even[span[1] :])
    ]
    if not spans:
        return MissingField(_FIELD, _ASK)
    start, end, slug = spans[0]
    several = {other for *_, other in spans} != {slug} or _and_another(sentence, end)
    if _SEVERAL.search(sentence.before(start)) or _comes_after_an_unknown_one(sentence, start):
        return MissingField(_FIELD, "Câu nêu nhiều đồn: đồn nào là đơn vị báo?")
    if several and not (len(spans) > 1 and _TOGETHER.search(sentence.even[end : spans[1][0]])):
        return MissingField(_FIELD, "Câu nêu nhiều đồn: đồn nào là đơn vị báo?")
    return sentence.reading(_FIELD, f"/posts/{slug}", start, end, "medium" if several or names_another(sentence) else "high")


def _comes_after_an_unknown_one(sentence: Sentence, start: int) -> bool:
    """Whether a post that the table does not know is named before the first that it knows."""
    return any(sentence.even[post.end()].isupper() for post in _ANY_POST.finditer(sentence.bare[:start], 0) if post.end() < start)


def _and_another(sentence: Sentence, end: int) -> bool:
    names = "|".join(re.escape(name) for name in _pattern()[1])
    after = sentence.even[end:]
    following = re.match(rf"\s*(?:,|va|-)\s*(?:(?:{names})(?!\w)|(?P<post>{_WORD}))", bare(after))
    return following is not None and (following["post"] is None or after[following.end() : following.end() + 1].isupper())


@functools.cache
def _pattern() -> tuple[re.Pattern[str], dict[str, str]]:
    slugs = {bare(post.name): post.slug for post in posts().values()}
    names = "|".join(re.escape(name) for name in sorted(slugs, key=len, reverse=True))
    return re.compile(rf"(?<!\w){_WORD}(?P<name>{names})(?!\w)"), slugs
