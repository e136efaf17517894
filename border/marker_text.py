"""Reads markers as people write them (`domain.md` section 3.3), without guessing: a text with two meanings raises `Unclear`.

A text that is pure grammar (`1088/2-1089`, `từ 730 đến 734`) is read whole, with names of places behind it. In running text the numbers after
a marker word are read, and a number elsewhere that may be another marker makes the text unclear. A part that is unclear hides no other.
"""

import itertools
import re
from collections.abc import Iterable

from border import marker_words as words
from border.marker_points import LAST_MAIN, MAX_AUX, MAX_OFFSET_M, MAX_POST, Item, Point

_MAINS = frozenset(map(str, range(LAST_MAIN + 1)))
_AUXES = frozenset(map(str, range(1, MAX_AUX + 1)))
_POSTS = frozenset(map(str, range(1, MAX_POST + 1)))
_LAST_DAY = 31
_LIKE_A_MARKER = 100
"""From here on a number in a list of markers is hardly a count or a day."""


class Unclear(Exception):
    """The text, or a part of it, could be read wrongly; the message is the reason, in Vietnamese."""

    def __init__(self, reason: str, items: Iterable[Item] = ()) -> None:
        super().__init__(reason)
        self.items = tuple(items)
        """What the rest of the text names, each once."""


class _Spoilt(Unclear):
    """What follows a number makes the number itself unclear."""


def read(text: str) -> list[Item]:
    """The marks and sections a text names, in its order, each once. Raises `Unclear`, with those of its parts that are clear."""
    plain = words.plain(text)
    if not plain:
        raise Unclear("chưa ghi mốc")
    if line := words.OTHER_LINE.search(plain):
        raise Unclear(f"“{line[0]}” không phải tuyến Việt Nam – Trung Quốc")
    first = words.MARK.search(plain)
    if bare := words.BARE.match(plain):
        items, reasons, end = _run(plain, bare.end(), lead=bare["lead"], alone=True)
        if first is None and reasons:
            raise _unclear(reasons, items)
        if not reasons and (not plain[end:].strip(" .,;") or (_is_no_date(items) and words.are_places(plain[end:]))):
            return list(dict.fromkeys(items))
    if first is None:
        raise Unclear("có số nhưng không có chữ mốc đứng trước" if re.search("[0-9]", plain) else "không có số mốc")
    items, reasons = _running(plain)
    if reasons:
        raise _unclear(reasons, items)
    return list(dict.fromkeys(items))


def _unclear(reasons: list[str], items: list[Item]) -> Unclear:
    return Unclear("; ".join(dict.fromkeys(reasons)), dict.fromkeys(items))


def _is_no_date(items: list[Item]) -> bool:
    """Whether numbers without a marker word can be nothing but markers where names of places follow: not `12/3`, not `2`."""
    return all(
        item.end or item.start.post is not None or item.start.offset_m is not None or item.start.main >= _LIKE_A_MARKER for item in items
    )


def _running(text: str) -> tuple[list[Item], list[str]]:
    """The markers after each marker word, and why others are unclear: there is none, or a gap holds what may be another marker."""
    items: list[Item] = []
    reasons: list[str] = []
    village = ""
    end = since = 0
    for word in words.MARK.finditer(text):
        if word.start() < end:
            continue
        before, since = text[max(end, since) : word.start()], word.start()
        if words.VILLAGE.search(before):
            since = _end_of_number(text, word.end())
            village = village or word[0] + "".join(itertools.takewhile("0123456789".__contains__, text[word.end() : word.end() + 20]))
            continue
        if words.NOT_A_MARKER.search(before) or (words.DEADLINE.search(before) and words.DAY_AND_MONTH.match(text, word.end())):
            continue
        if (dangling := words.DANGLING_BEFORE.search(before)) and dangling[1] in _MAINS:
            reasons.append(f"số {dangling[1]} đứng trước chữ mốc: không rõ có phải mốc không")
        until = bool(end) and words.UNTIL.search(before) is not None
        if end:
            reasons += _left_out(text[end : word.start()])
        lead = words.LEAD.search(before)
        more, unclear, end = _run(text, word.end(), lead=lead and lead[1], alone=False)
        if until:
            reasons.append("không rõ là một đoạn hay hai mốc: ghi “từ mốc … đến mốc …” liền nhau")
            items, more = items[:-1], more[1:]
        items += more
        reasons += unclear
    if not end:
        reasons.append(f"{village} là tên bản, thôn, không phải số mốc" if village else "có số nhưng không có chữ mốc đứng trước")
    return items, reasons + _left_out(text[end:])


def _run(text: str, at: int, *, lead: str | None, alone: bool) -> tuple[list[Item], list[str], int]:
    """The list of marks and sections that starts `at`, why others of it are unclear, and where it ends.

    `alone`: there is no marker word before it.
    """
    items: list[Item] = []
    reasons: list[str] = []
    between = lead is not None and lead.lower() in ("giữa", "giua")
    while True:
        element, unclear, last, at = _element(text, at, between=between)
        items += element
        reasons += unclear
        following = words.AND.match(text, at)
        if following is None:
            break
        start, named = following.end(), bool(following["word"] or following["between"])
        try:
            if between and not named and ";" not in following["sep"]:
                raise _Spoilt("“giữa” cần đúng hai mốc: giữa mốc … và mốc …")
            if not (named or _is_item(text, start, last, alone=alone)):
                break
        except Unclear as unclear_number:
            reasons.append(str(unclear_number))
            if isinstance(unclear_number, _Spoilt):
                del items[len(items) - len(element) :]
            return items, reasons, _end_of_number(text, start)
        between, at = bool(following["between"]), start
    try:
        _refuse_bad_ending(text, at, last)
    except Unclear as bad_ending:
        if not unclear:
            reasons.append(str(bad_ending))
        del items[len(items) - len(element) :]
    return items, reasons, at


def _element(text: str, at: int, *, between: bool) -> tuple[list[Item], list[str], int, int]:
    """One mark or section, or one `giữa … và …`: its items, or why it is none; its last number or -1; where it ends."""
    chain, at = _chain(text, at)
    separator = words.AND.match(text, at)
    if between and len(chain) == 1 and separator and separator["sep"].strip().lower() in ("và", "va", "&"):
        second, at = _chain(text, separator.end())
        chain += second
    elif between and len(chain) != 2:
        return [], ["“giữa” cần đúng hai mốc: giữa mốc … và mốc …"], -1, at
    try:
        items = _section([_point(match) for match in chain])
    except Unclear as unclear:
        return [], [str(unclear)], -1, at
    end = items[-1].end or items[-1].start
    more, reasons, at = _further_posts(text, at, items[-1])
    return items + more, reasons, end.main, at


def _chain(text: str, at: int) -> tuple[list[re.Match[str]], int]:
    """The numbers that hyphens or "đến" join."""
    chain = []
    while match := words.POINT.match(text, at):
        chain.append(match)
        to = words.TO.match(text, match.end())
        if to is None:
            return chain, match.end()
        at = to.end()
    return chain, at


def _end_of_number(text: str, at: int) -> int:
    match = words.POINT.match(text, at)
    return at if match is None else match.end()


def _section(chain: list[Point]) -> list[Item]:
    match chain:
        case [single]:
            return [Item(single)]
        case [start, end]:
            return [_ascending(start, end)]
        case [start, end, other] if other.position < start.position:
            # 803-804-677: two places far apart, as a newspaper prints them; nobody writes a section backwards after a forward one.
            return [_ascending(start, end), Item(other)]
    raise Unclear("nhiều số nối bằng gạch ngang: không rõ đoạn nào, hãy tách bằng dấu phẩy")


def _ascending(start: Point, end: Point) -> Item:
    if start.position >= end.position:
        raise Unclear(f"đoạn mốc phải ghi từ số nhỏ đến số lớn, không phải {start.canonical} đến {end.canonical}")
    return Item(start, end)


def _point(match: re.Match[str]) -> Point:
    main, aux, post, plus, up, _, down = match.groups()
    if main not in _MAINS:
        raise Unclear(f"số mốc {main[:20]} không có: tuyến Việt Nam – Trung Quốc từ 0 đến {LAST_MAIN}, không viết số 0 ở đầu")
    if aux is not None and aux not in _AUXES:
        raise Unclear(f"mốc phụ {main}/{aux[:20]} không có: số sau gạch chéo từ 1 đến {MAX_AUX}")
    if post is not None and post not in _POSTS:
        raise Unclear(f"cột {main}({post[:20]}) không có: số trong ngoặc từ 1 đến {MAX_POST}")
    metres = up or down
    if metres is not None and len(metres) > len(str(MAX_OFFSET_M)):
        raise Unclear(f"khoảng cách {metres[:20]} m tính từ mốc {main} quá lớn")
    offset = None if metres is None else int(metres) if plus else -int(metres)
    return Point(int(main), int(aux) if aux else None, int(post) if post else None, offset)


def _further_posts(text: str, at: int, last: Item) -> tuple[list[Item], list[str], int]:
    """`17(1),(2),(3)`: three posts of one marker."""
    items: list[Item] = []
    reasons: list[str] = []
    if last.end is not None or last.start.post is None or last.start.offset_m is not None:
        return items, reasons, at
    main, aux = last.start.main, last.start.aux
    while post := words.POST.match(text, at):
        if post[1] in _POSTS:
            items.append(Item(Point(main, aux, int(post[1]))))
        else:
            reasons.append(f"cột {main}({post[1][:20]}) không có: số trong ngoặc từ 1 đến {MAX_POST}")
        at = post.end()
    return items, reasons, at


def _is_item(text: str, at: int, before: int, *, alone: bool) -> bool:
    """Whether the number after a comma or "và" is a further marker, not a count, a time or a date. Raises `Unclear` if it may be either.

    `before`: the number before it.
    """
    match = words.POINT.match(text, at)
    if match is None or words.UNIT_GLUED.match(text, at) or words.DATE.match(text, at):
        return False
    number, after = match[1][:20], match.end()
    if text[at - 1] == "," and len(number) == 3 and before == 1:
        raise _Spoilt(f"không rõ 1,{number} là một số hay hai mốc")
    rises = number in _MAINS and int(number) > before
    if words.COUNTED.match(text, after) and not words.DATED.match(text, after) and not words.PLACE_UNITS.match(text, after):
        if rises:
            raise Unclear(f"không rõ {number} là mốc hay số lượng")
        return False
    if words.DAY.match(text, after) or (not alone and not rises and match[2] and len(number) <= 2):
        error = _Spoilt if before <= _LAST_DAY else Unclear
        raise error(f"không rõ {match[0][:20]} là mốc hay ngày tháng")
    if words.GOES_ON.match(text, after) or (rises and int(number) >= _LIKE_A_MARKER) or number not in _MAINS:
        return True
    raise Unclear(f"không rõ {number} là mốc hay số lượng")


def _refuse_bad_ending(text: str, at: int, main: int) -> None:
    """Raise `Unclear` where the text right after the last number changes its meaning."""
    if not words.FINE_AFTER.match(text, at):
        raise Unclear(f"không hiểu phần sau số mốc: “{text[at : at + 20].strip()}”")
    if words.UNDECIDED.match(text, at):
        raise Unclear("ghi hai khả năng: cần một mốc rõ ràng")
    if (
        words.COUNTED.match(text, at)
        and not words.PLACE_UNITS.match(text, at)
        and not (words.DATED.match(text, at) and not (main <= _LAST_DAY and words.DAY.match(text, at)))
    ):
        raise Unclear("số sau chữ mốc có thể là số lượng, không phải số mốc")


def _left_out(gap: str) -> list[str]:
    """Why numbers in list position among skipped words are unclear: each may be a marker that nobody would miss."""
    reasons = []
    for listed in words.LISTED.finditer(gap):
        at = listed.end()
        if listed[1] not in _MAINS or words.UNIT_GLUED.match(gap, at) or words.DATE.match(gap, at):
            continue
        if (match := words.POINT.match(gap, at)) and (
            words.COUNTED.match(gap, match.end()) and not words.PLACE_UNITS.match(gap, match.end())
        ):
            continue
        reasons.append(f"không rõ {listed[1]} có phải mốc không")
    return reasons
