"""The sentences of a report, made of its figures and nothing else. Pure: the same report gives the same sentences.

A sentence has no final full stop: documents add it. Cases ("vụ") stand before persons, vehicles and goods and are never added to them; a
suppressed figure is said to be below what is published, never given as a number. Figures that are absent are 0, and nothing is said to be 0
but where every post was heard for all of the period.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import timedelta

from agreement.figures import ALL, NO_UNIT
from agreement.periods import Period
from border.provinces import Province
from border.vietnam import HANOI
from reports import remarks
from reports.model import Comparison, Heard, Report, Subtotal
from reports.names import gate_name
from reports.published_sentence import published_only
from schemas.codebook import Direction, Kind, Outcome, Side
from schemas.codebook_entries import codes, facts, kinds
from texts.wording import BELOW_LEAST_SHOWN, compared, counted, listed, posts_reporting, same_period

_AGREEMENT = "Hiệp định về quy chế quản lý biên giới"
_WHERE = {ALL: " trên toàn tuyến", NO_UNIT: " ở địa bàn chưa rõ tỉnh"}
"""Where it happened, for units that are no province; the head of a province's report names the province."""
_SIDES = {
    Side.CN: "Trung Quốc vi phạm",
    Side.VN: "Việt Nam vi phạm",
    Side.BOTH: "hai phía cùng vi phạm",
    Side.THIRD: "nước thứ ba vi phạm",
    Side.UNDETERMINED: "chưa xác định được phía vi phạm",
    Side.CONTESTED: "hai bên còn ý kiến khác nhau",
}
"""The columns of a breach, in the order of the sentence."""
_ABOUT = {
    Kind.FIRE_FLOOD: "trong hỏa hoạn, lũ lụt",
    Kind.DISEASE: "liên quan dịch bệnh lây qua biên giới",
    Kind.DRUGS: "về ma túy",
    Kind.ARMS_COUNTERFEIT: "về vũ khí, tiền giả",
    Kind.RIVER_WORKS: "liên quan công trình trên sông, suối biên giới",
}
"""Kinds whose label names a thing: `03 vụ/03 người về ma túy`, where `vượt biên trái phép` needs no word before it."""
_MEASURES = {"vehicles": "phương tiện", "boats": "tàu thuyền", "livestock": "con gia súc, gia cầm"}
_PASSED = {"persons": "lượt người", "vehicles": "lượt phương tiện"}
_MATTERS = {
    Kind.WORKS_NOTICE: "",
    Kind.MARKER_UPKEEP: "lần ",
    Kind.SURVEY: "chuyến ",
    Kind.PATROL: "chuyến ",
    Kind.LETTER: "",
    Kind.GATE_CHANGE: "",
    Kind.NATURAL_EVENT: "đợt ",
}
"""Matters that are recorded and are no breach, each with its counting word. Matters at sea have a sentence of their own."""
_BUSIEST = 3
"""Gates named as the most used."""


def sentences(report: Report) -> dict[str, str]:
    """Every sentence that has something to say, by id, in the order of a report's text.

    `breach`, `article39`, `crossing`, `open` and `cutoff` always stand.
    """
    report = report.model_copy(update={"figures": tuple(figure for figure in report.figures if not figure.unheard)})
    texts = {
        "breach": breach(report),
        "needs_facts": needs_facts(report),
        "article39": article39(report),
        "not_breach": not_breach(report),
        "sea": sea(report),
        "crossing": crossing(report),
        "published_only": published_only(report),
        "estimate": remarks.estimate(report),
        "missed": remarks.missed(report),
        "open": remarks.open_matters(report),
        "coverage": remarks.coverage(report),
        "mapping": remarks.mapping(report),
        "cutoff": remarks.cutoff(report),
    }
    return {name: text for name, text in texts.items() if text is not None}


def breach(report: Report) -> str:
    """How many breaches of the Agreement, by whom, and beside the same period of the year before."""
    total = report.figure("breach.total")
    if total is not None and total.value is None:
        return f"Số vụ vi phạm {_AGREEMENT} {_when(report)} {BELOW_LEAST_SHOWN}"
    n = report.value("breach.total")
    against = _against(report, "breach.total", "vụ", of_both=n > 0)
    if against is None:
        against = compared("vụ", n, None, earlier=same_period(report.span.before))
    if not n:
        published = _published(report, "breach.total", _by_side({side: _published_value(report, f"breach.{side}") for side in _SIDES}))
        return _nothing(report, "không xảy ra", f"vụ vi phạm {_AGREEMENT} nào", f", {against}", published, report.coverage.incidents.heard)
    sides = _by_side({side: figure.value for side in _SIDES if (figure := report.figure(f"breach.{side}"))})
    joint = " " if sides and against.startswith(("tăng", "giảm", "bằng")) else ", "
    return f"Kết quả {_when(report)} xảy ra {counted(n, 'vụ')} vi phạm {_AGREEMENT}{sides}{joint}{against}"


def needs_facts(report: Report) -> str | None:
    """Cases that nobody can judge yet."""
    figure = report.figure("open.needs_facts") or report.figure("outcome.needs_facts")
    if figure is None or figure.value == 0:
        return None
    return f"Còn {counted(figure.value, 'vụ việc')} thiếu thông tin để kết luận, chưa tính vào số vụ vi phạm Hiệp định"


def article39(report: Report) -> str:
    """Border events that are no breach: cases and persons, by item."""
    total = report.figure("border_event.total")
    nothing = total is None or total.value == 0
    after = _after(report, "border_event.total", "vụ", of_both=not nothing)
    if total is None or nothing:
        what, published = "vụ việc biên giới nào theo Điều 39 Hiệp định", _published(report, "border_event.total")
        return _nothing(report, "không xảy ra", what, after, published, report.coverage.incidents.heard)
    if total.value is None:
        return _sentence(f"{_when(report)} số vụ việc biên giới theo Điều 39 Hiệp định {BELOW_LEAST_SHOWN}")
    values = [figure.value for item, _ in _names() if (figure := report.figure(f"article39.{item}"))]
    whole = sum(value or 0 for value in values) == total.value and None not in values
    items = "; ".join(_items(report))
    parts = f"; {'cụ thể' if whole else 'trong đó'}: {items}" if items else ""
    others = " và vụ việc khác" if report.value("article39.none") else ""
    cases = f"xảy ra {counted(total.value, 'vụ việc')} biên giới theo Điều 39 Hiệp định{others} (không tính là vụ vi phạm)"
    return _sentence(f"{_when(report)} {cases}{after}{parts}")


def not_breach(report: Report) -> str | None:
    """Works notified, upkeep, surveys, letters, and what was examined and in order."""
    nouns = {f"matter.{kind}": before + kinds()[kind].label.vi for kind, before in _MATTERS.items()}
    nouns |= {f"outcome.{outcome}": f"vụ việc {_label('outcome', outcome)}" for outcome in (Outcome.EXEMPT, Outcome.NO_BREACH)}
    figures = [(report.figure(figure_id), noun) for figure_id, noun in nouns.items()]
    matters = [counted(figure.value, noun) for figure, noun in figures if figure is not None and figure.value != 0]
    return _sentence(f"{_when(report)} còn ghi nhận các việc không phải vi phạm: {'; '.join(matters)}") if matters else None


def sea(report: Report) -> str | None:
    """Fishing boats and fishermen: detained; obstructed or robbed; and the other acts. A coastal province says so where there were none."""
    acts = {code: label.vi for code, label in facts()["act"].values.items()}
    taken, obstructed = _boats(report, "sea.property_taken"), _boats(report, "sea.obstructed")
    detained, hindered = _boats(report, "sea.detained"), _boats(report, "sea.obstructed", "sea.property_taken")
    within = f", trong đó bị {acts['property_taken']}: {taken}" if taken and obstructed else ""
    hindering = acts["obstructed"] + (f", {acts['property_taken']}" if taken else "")
    rows = [
        (detained, f"bị nước ngoài {acts['detained']}"),
        (hindered, f"bị nước ngoài {hindering}{within}"),
        *((_boats(report, f"sea.{act}"), f"bị nước ngoài {acts[act]}") for act in ("rammed", "chased")),
        (_boats(report, "sea.unknown"), "bị nước ngoài cản trở, chưa rõ hành vi"),
    ]
    with_boats = _several_acts(report, acts) or "; ".join(f"{boats} {what}" for boats, what in rows if boats)
    heard, taken_away = report.coverage.incidents.heard, f"tàu cá, ngư dân bị nước ngoài {acts['detained']}"
    if with_boats and (detained or not heard.everybody):
        return _sentence(f"{_when(report)} có {with_boats}")
    if with_boats:
        return _sentence(f"{_when(report)} không có {taken_away}; có {with_boats}")
    if report.unit != Province.QUANG_NGAI:
        return None
    return _nothing(report, "không có", f"{taken_away}, {acts['obstructed']} hoặc {acts['property_taken']}", "", "", heard)


def crossing(report: Report) -> str:
    """Persons, vehicles and goods through the gates, by direction, and the gates most used."""
    ways = {way: _label("direction", way) for way in (Direction.VN_CN, Direction.CN_VN)}
    legs = [f"{label} {listed(passed)}" for way, label in ways.items() if (passed := _passed(report, f"crossing.{way}"))]
    nothing = not _passed(report, "crossing.total") and not legs
    changes = {what: _after(report, f"crossing.total.{what}", noun, of_both=not nothing) for what, noun in _PASSED.items()}
    alike = changes["persons"] if changes["persons"] == changes["vehicles"] else ""  # both missing, or both as before: said once
    whole = _passed(report, "crossing.total", {} if alike else changes)
    if nothing:
        published = "".join(_published(report, f"crossing.total.{what}", unit=noun) for what, noun in _PASSED.items())
        what, after = "lượt qua lại nào qua các cửa khẩu, lối mở", alike or "".join(changes.values())
        return _nothing(report, "không ghi nhận", what, after, published, report.coverage.crossings.heard)
    if not whole:
        return _sentence(f"{_when(report)} qua các cửa khẩu, lối mở có: {'; '.join(legs)}")
    split, busiest = f" ({'; '.join(legs)})" if legs else "", _busiest(report)
    most = f"; nhiều nhất qua {busiest}" if busiest else ""
    return _sentence(f"{_when(report)} có {listed(whole)} qua các cửa khẩu, lối mở{split}{alike}{most}")


def _nothing(report: Report, none: str, what: str, after: str, published: str, heard: Heard) -> str:
    """That there was nothing, where every post was heard; else that nothing is recorded yet, who reported, and what was published instead."""
    if heard.everybody:
        return _sentence(f"{_when(report, whole_days=True)} {none} {what}{after}")
    if heard.nobody:
        return _sentence(f"{_when(report)} chưa có báo cáo của đồn nào về {what.replace(' nào', '', 1)}{published}")
    return _sentence(f"{_when(report)} chưa ghi nhận {what} ({_posts(heard)}){published or after}")


def _published(report: Report, figure_id: str, parts: str = "", unit: str = "vụ") -> str:
    """`; theo Báo cáo năm 2019: 08 vụ, tăng 04 vụ so với cùng kỳ năm 2018`: what was published of the period itself. Empty where nothing was."""
    total = next((total for total in report.published if total.figure == figure_id), None)
    if total is None:
        return ""
    shown = counted(total.value, unit) + parts if total.value else f"không có {unit} nào"
    if total.before is None:
        return f"; theo {total.source}: {shown}"
    against = compared(unit, total.value, total.before, earlier=same_period(report.span.before))
    return f"; theo {total.source}: {shown}{' ' if parts else ', '}{against}"


def _published_value(report: Report, figure_id: str) -> float:
    return next((total.value for total in report.published if total.figure == figure_id), 0)


def _posts(heard: Heard) -> str:
    return posts_reporting(heard.whole, heard.part, heard.expected)


def _when(report: Report, *, whole_days: bool = False) -> str:
    """The period and the place. Of a period that still runs, until when; `whole_days`: without today, which no post has reported in full yet."""
    when = f"{report.span.when}{_WHERE.get(report.unit, '')}"
    if report.as_of >= report.end:
        return when
    today = report.as_of.astimezone(HANOI)
    yesterday = today - timedelta(days=1)
    if whole_days and yesterday >= report.start:
        return f"{when} (tính đến hết ngày {yesterday:%d/%m/%Y})"
    return f"{when} (tính đến ngày {today:%d/%m/%Y})"


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:]


def _label(group: str, code: str) -> str:
    return next(entry.label.vi for entry in codes()[group] if entry.code == code)


def _against(report: Report, figure_id: str, unit: str, *, of_both: bool = True) -> str | None:
    """The figure beside the earlier period's. None where it is not compared, or where a suppressed number could be worked out.

    `of_both`: a decrease says who was not heard in either period; else the sentence says it of this one.
    """
    comparison, figure = report.before(figure_id), report.figure(figure_id)
    if comparison is None or (figure is not None and figure.value is None):
        return None
    earlier = same_period(Period.parse(comparison.period, report.regime))
    then = comparison.coverage
    if comparison.before == 0 and then is not None and not then.everybody:
        return f"{earlier} chưa ghi nhận trường hợp nào ({_posts(then)})"  # no 0, so nothing rose from it and nothing is as it was
    if comparison.before == 0 == report.value(figure_id) and not _heard(report, figure_id).everybody:
        return f"{earlier} không có trường hợp nào"
    against = compared(unit, report.value(figure_id), comparison.before, earlier=earlier)
    doubts = "; ".join(_doubts(report, figure_id, comparison, of_both=of_both))
    return f"{against} ({doubts})" if doubts else against


def _doubts(report: Report, figure_id: str, comparison: Comparison, *, of_both: bool) -> Iterator[str]:
    """Whose silence may have made a decrease."""
    now = _heard(report, figure_id)
    if comparison.before is None or report.value(figure_id) >= comparison.before:
        return
    if of_both and not now.everybody:
        yield f"kỳ này {_posts(now)}"
    if comparison.coverage is not None and not comparison.coverage.everybody:
        yield f"cùng kỳ {_posts(comparison.coverage)}"


def _heard(report: Report, figure_id: str) -> Heard:
    return (report.coverage.crossings if figure_id.startswith("crossing.") else report.coverage.incidents).heard


def _after(report: Report, figure_id: str, unit: str, *, of_both: bool) -> str:
    against = _against(report, figure_id, unit, of_both=of_both)
    return f", {against}" if against else ""


def _by_side(values: Mapping[Side, float | None]) -> str:
    """The sides of the breaches, in brackets: every column that is not 0, by its own name."""
    values = {side: value for side, value in values.items() if value != 0}
    if None in values.values():
        return f" (số vụ theo từng phía {BELOW_LEAST_SHOWN})"  # the suppressed number could be worked out from the others
    if not values:
        return ""
    first, *others = values
    named = "phía " if first in (Side.CN, Side.VN) else ""
    if not others and values[first] != 1:
        by = "" if first in (Side.UNDETERMINED, Side.CONTESTED) else "do "
        return f" (cả {counted(values[first], 'vụ')} {by}{named}{_SIDES[first]})"
    by_side = ", ".join(f"{_SIDES[side]} {counted(value, 'vụ')}" for side, value in values.items())
    return f" ({named}{by_side})"


def _names() -> list[tuple[int | str, str]]:
    """The items of Article 39 with their names, in the treaty's order; at the end the cases of no item."""
    named = {entry.article39: _ABOUT.get(kind, entry.label.vi) for kind, entry in kinds().items() if entry.article39 is not None}
    items = sorted(named.items())
    return [*items, ("none", "khác, ngoài các mục của Điều 39")]


def _items(report: Report) -> Iterator[str]:
    """Each item with cases: `07 vụ/25 người vượt biên trái phép (02 phương tiện)`."""
    for item, name in _names():
        own = f"article39.{item}"
        cases, persons = report.figure(own), report.figure(f"{own}.persons")
        if cases is None or cases.value == 0:
            continue
        measures = [(report.figure(f"{own}.{what}"), noun) for what, noun in _MEASURES.items()]
        rest = [counted(figure.value, noun) for figure, noun in measures if figure is not None and figure.value != 0]
        rest += _goods(report, f"{own}.goods", "ma túy" if item == kinds()[Kind.DRUGS].article39 else "hàng hóa")
        values = [(figure.value, noun) for figure, noun in ((cases, "vụ"), (persons, "người")) if figure is not None]
        brackets = "; ".join([counted(None, noun) for value, noun in values if value is None] + rest)
        shown = "/".join(counted(value, noun) for value, noun in values if value)
        yield f"{shown} {name}".lstrip() + (f" ({brackets})" if brackets else "")


def _goods(report: Report, prefix: str, goods: str = "hàng hóa") -> list[str]:
    """Goods, each unit apart, since kilograms and parcels do not add up."""
    goods_by_unit = []
    for figure in report.figures:
        if (figure.id == prefix or figure.id.startswith(f"{prefix}.")) and figure.value != 0:
            measured = figure.id not in (prefix, f"{prefix}.", f"{prefix}.none")
            goods_by_unit.append(counted(figure.value, f"{figure.unit} {goods}" if measured else f"{goods} không ghi đơn vị tính"))
    return goods_by_unit


def _several_acts(report: Report, acts: Mapping[str, str]) -> str:
    """Boats and fishermen where an incident is of several acts: all of them once, then those of each act. Empty where none is."""
    subjects = {act: set(figure.subjects) for act in acts if (figure := report.figure(f"sea.{act}")) is not None and figure.value}
    if sum(map(len, subjects.values())) == len(set().union(*subjects.values())):
        return ""
    whole = _boats(report, "matter.sea_obstruction")
    if len(set(map(frozenset, subjects.values()))) == 1 and not report.value("sea.unknown"):
        return f"{whole} bị nước ngoài {', '.join(acts[act] for act in subjects)}"
    parts = [f"bị {acts[act]}: {_boats(report, f'sea.{act}')}" for act in subjects]
    unknown = _boats(report, "sea.unknown")
    parts += [f"chưa rõ hành vi: {unknown}"] if unknown else []
    return f"{whole} bị nước ngoài cản trở (một vụ có thể gồm nhiều hành vi), trong đó {'; '.join(parts)}"


def _boats(report: Report, *heads: str) -> str:
    """`04 tàu cá với 22 ngư dân (02 vụ)`; of boats nobody counted, the cases. Empty where there were none."""
    nouns = {"": "vụ", ".boats": "tàu cá", ".persons": "ngư dân"}
    values = {noun: _together(report, [f"{head}{what}" for head in heads]) for what, noun in nouns.items()}
    cases = [counted(values["vụ"], "vụ")] if values["vụ"] else []
    head = " với ".join(counted(value, noun) for noun, value in values.items() if value and noun != "vụ")
    brackets = [] if not head else cases
    brackets = [*brackets, *(counted(None, noun) for noun, value in values.items() if value is None)]
    if not head and (cases or brackets):
        head = " ".join((*cases, "tàu cá, ngư dân"))
    return f"{head} ({'; '.join(brackets)})" if brackets else head


def _together(report: Report, figure_ids: list[str]) -> float | None:
    """Figures of one unit added up. None if one of them is suppressed."""
    values = [figure.value for figure_id in figure_ids if (figure := report.figure(figure_id))]
    return None if None in values else sum(value or 0 for value in values)


def _passed(report: Report, prefix: str, changes: Mapping[str, str] | None = None) -> list[str]:
    """What went through, each with its change in brackets; at the end what no longer went through. Empty where nothing went through."""
    passed, gone = [], []
    for what, noun in _PASSED.items():
        figure, after = report.figure(f"{prefix}.{what}"), _in_brackets((changes or {}).get(what, ""))
        if figure is not None and figure.value != 0:
            passed.append(counted(figure.value, noun) + (f" ({after})" if after else ""))
        elif after.startswith("giảm"):
            none = "không có" if report.coverage.crossings.heard.everybody else "chưa ghi nhận"
            gone.append(f"{none} {noun} nào ({after})")
    passed += _goods(report, f"{prefix}.goods")
    return [*passed, *gone] if passed else []


def _in_brackets(after: str) -> str:
    """`giảm 19,4% so với cùng kỳ năm 2018, kỳ này 05/08 đồn báo cáo`: what follows a comma, with no brackets of its own."""
    return after.removeprefix(", ").replace(" (", ", ").replace(")", "")


def _busiest(report: Report) -> str:
    """The gates most used, by persons, else by vehicles; empty where no gate is known."""
    for what, noun in _PASSED.items():
        figure = report.figure(f"crossing.total.{what}")
        if figure is None or figure.value is None:
            continue
        through: defaultdict[str, float] = defaultdict(float)
        for part in figure.subjects:
            if isinstance(part, Subtotal):
                through[part.gate] += part.n
        first = sorted(through.items(), key=lambda gate: (-gate[1], gate[0]))[:_BUSIEST]
        if first and first[0][1]:
            return listed(f"{gate_name(slug)} ({counted(n, noun)})" for slug, n in first if n)
    return ""
