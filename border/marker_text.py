"""Reads markers as people write them (`domain.md` section 3.3), without guessing: a text with two meanings raises `Unclear`.

A text that is pure grammar (`1088/2-1089`, `từ 730 đến 734`) is read whole. In running text the numbers after a marker word are read, and a
number elsewhere that may be another marker makes the text unclear.
"""

import re
from collections.abc import Iterator

from border import marker_words as words
from border.marker_points import LAST_MAIN, MAX_AUX, MAX_OFFSET_M, MAX_POST, Item, Point

_MAINS = frozenset(map(str, range(LAST_MAIN + 1)))
_AUXES = frozenset(map(str, range(1, MAX_AUX + 1)))
_POSTS = frozenset(map(str, range(1, MAX_POST + 1)))


class Unclear(Exception):
    """The text could be read wrongly; the message is the reason, in Vietnamese."""


def read(text: str) -> list[Item]:
    """The marks and sections a text names, in its order, each once. Raises `Unclear`."""
    plain = words.plain(text)
    if not plain:
        raise Unclear("chưa ghi mốc")
    first = words.MARK.search(plain)
    if bare := words.BARE.match(plain):
        try:
            items, end = _run(plain, bare.end(), lead=bare["lead"], alone=True)
        except Unclear:
            if first is None:
                raise
        else:
            if not plain[end:].strip(" .,;"):
                return list(dict.fromkeys(items))
    if first is None:
        raise Unclear("có số nhưng không có chữ mốc đứng trước" if re.search("[0-9]", plain) else "không có số mốc")
    return list(dict.fromkeys(_running(plain)))


def _running(text: str) -> Iterator[Item]:
    """The markers after each marker word. Raises `Unclear` if there is none, or if a gap holds what may be another marker."""
    end = since = 0
    for word in words.MARK.finditer(text):
        if word.start() < end:
            continue
        before, since = text[max(end, since) : word.start()], word.start()
        if words.NOT_A_MARKER.search(before):
            continue
        if (dangling := words.DANGLING_BEFORE.search(before)) and dangling[1] in _MAINS:
            raise Unclear(f"số {dangling[1]} đứng trước chữ mốc: không rõ có phải mốc không")
        if end:
            _refuse_left_out(text[end : word.start()])
            if words.UNTIL.search(before):
                raise Unclear("không rõ là một đoạn hay hai mốc: ghi “từ mốc … đến mốc …” liền nhau")
        lead = words.LEAD.search(before)
        items, end = _run(text, word.end(), lead=lead and lead[1], alone=False)
        yield from items
    if not end:
        raise Unclear("có số nhưng không có chữ mốc đứng trước")
    _refuse_left_out(text[end:])


def _run(text: str, at: int, *, lead: str | None, alone: bool) -> tuple[list[Item], int]:
    """The list of marks and sections that starts `at`, and where it ends. `alone`: there is no marker word before it."""
    items: list[Item] = []
    separators: list[str] = []
    while True:
        section, at = _section(text, at)
        items += section
        at = _further_posts(text, at, items)
        following = words.AND.match(text, at)
        if not following or not (following["word"] or _is_item(text, following.end(), items[-1], alone=alone)):
            break
        separators.append(following["sep"].strip().lower())
        at = following.end()
    _refuse_bad_ending(text, at, items[-1].start.main)
    if lead is not None and lead.lower() in ("giữa", "giua"):
        items = [_between(items, separators)]
    return items, at


def _section(text: str, at: int) -> tuple[list[Item], int]:
    point, at = _point(text, at)
    chain = [point]
    while to := words.TO.match(text, at):
        point, at = _point(text, to.end())
        chain.append(point)
    match chain:
        case [single]:
            return [Item(single)], at
        case [start, end]:
            return [_ascending(start, end)], at
        case [start, end, other] if other.position < start.position:
            # 803-804-677: two places far apart, as a newspaper prints them; nobody writes a section backwards after a forward one.
            return [_ascending(start, end), Item(other)], at
    raise Unclear("nhiều số nối bằng gạch ngang: không rõ đoạn nào, hãy tách bằng dấu phẩy")


def _ascending(start: Point, end: Point) -> Item:
    if start.position >= end.position:
        raise Unclear(f"đoạn mốc phải ghi từ số nhỏ đến số lớn, không phải {start.canonical} đến {end.canonical}")
    return Item(start, end)


def _between(items: list[Item], separators: list[str]) -> Item:
    match items, separators:
        case [Item(_, Point()) as section], _:
            return section
        case [Item(start, None), Item(end, None)], ["và" | "va" | "&"]:
            return _ascending(start, end)
    raise Unclear("“giữa” cần đúng hai mốc: giữa mốc … và mốc …")


def _point(text: str, at: int) -> tuple[Point, int]:
    match = words.POINT.match(text, at)
    if match is None:
        raise Unclear("thiếu số mốc")
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
    return Point(int(main), int(aux) if aux else None, int(post) if post else None, offset), match.end()


def _further_posts(text: str, at: int, items: list[Item]) -> int:
    """`17(1),(2),(3)`: three posts of one marker."""
    last = items[-1]
    if last.end is not None or last.start.post is None or last.start.offset_m is not None:
        return at
    main, aux = last.start.main, last.start.aux
    while post := words.POST.match(text, at):
        if post[1] not in _POSTS:
            raise Unclear(f"cột {main}({post[1][:20]}) không có: số trong ngoặc từ 1 đến {MAX_POST}")
        items.append(Item(Point(main, aux, int(post[1]))))
        at = post.end()
    return at


def _is_item(text: str, at: int, last: Item, *, alone: bool) -> bool:
    """Whether the number after a comma or "và" is a further marker, not a count, a time or a date. Raises `Unclear` if it may be either."""
    match = words.POINT.match(text, at)
    if match is None or words.UNIT_GLUED.match(text, at) or words.DATE.match(text, at):
        return False
    number, after = match[1][:20], match.end()
    before = (last.end or last.start).main
    if text[at - 1] == "," and len(number) == 3 and before == 1:
        raise Unclear(f"không rõ 1,{number} là một số hay hai mốc")
    rises = number in _MAINS and int(number) > before
    if words.COUNTED.match(text, after) and not words.DATED.match(text, after) and not words.PLACE_UNITS.match(text, after):
        if rises:
            raise Unclear(f"không rõ {number} là mốc hay số lượng")
        return False
    if words.DAY.match(text, after) or (not alone and not rises and match[2] and len(number) <= 2):
        raise Unclear(f"không rõ {match[0][:20]} là mốc hay ngày tháng")
    if words.GOES_ON.match(text, after) or (rises and int(number) >= 100):
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
        and not (words.DATED.match(text, at) and not (main <= 31 and words.DAY.match(text, at)))
    ):
        raise Unclear("số sau chữ mốc có thể là số lượng, không phải số mốc")


def _refuse_left_out(gap: str) -> None:
    """Raise `Unclear` for a number in list position among skipped words: it may be a marker that nobody would miss."""
    for listed in words.LISTED.finditer(gap):
        at = listed.end()
        if listed[1] not in _MAINS or words.UNIT_GLUED.match(gap, at) or words.DATE.match(gap, at):
            continue
        if (match := words.POINT.match(gap, at)) and (
            words.COUNTED.match(gap, match.end()) and not words.PLACE_UNITS.match(gap, match.end())
        ):
            continue
        raise Unclear(f"không rõ {listed[1]} có phải mốc không")
