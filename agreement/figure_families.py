"""The registry of figures: their names, labels, units and definitions, and which parts add up to which whole. Pure.

What of an incident a family counts is written in `reports.figures.tally`. The unit of "vụ" is the incident.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from agreement.figures import NO_UNIT
from border.provinces import Province, province_name
from schemas.codebook import PART_LABELS, Kind, Measure, Outcome, Side
from schemas.codebook_entries import codes, facts, kinds
from schemas.parts import is_protected, part_named

CASES = "vụ"
STRETCH = 50
"""Main markers a stretch: 1050-1099."""
SIDES = (Side.CN, Side.VN, Side.BOTH, Side.THIRD, Side.UNDETERMINED, Side.CONTESTED)
"""Columns of a breach, always printed, never folded into one another."""
MATTERS = (
    Kind.WORKS_NOTICE,
    Kind.MARKER_UPKEEP,
    Kind.SURVEY,
    Kind.PATROL,
    Kind.LETTER,
    Kind.GATE_CHANGE,
    Kind.NATURAL_EVENT,
    Kind.SEA_OBSTRUCTION,
)
"""What is recorded and is no breach."""
SEA_ACTS = ("detained", "obstructed", "property_taken", "rammed", "chased", "unknown")
_MATTER_UNITS = {
    Kind.LETTER: "thư",
    Kind.WORKS_NOTICE: "thông báo",
    Kind.PATROL: "chuyến",
    Kind.SURVEY: "chuyến",
    Kind.MARKER_UPKEEP: "đợt",
    Kind.GATE_CHANGE: "lần",
}
"""What one of them is, as the codebook counts cases."""
_TOGETHER = "Một vụ có thể thuộc nhiều mục, nên các mục không cộng thành tổng."
_WHAT = {Measure.PERSONS: "người", Measure.VEHICLES: "phương tiện", Measure.BOATS: "tàu", Measure.LIVESTOCK: "con"}


class Counts(StrEnum):
    """What the figures of a family add up. Families of one prefix differ in this."""

    CASES = "cases"
    MEASURES = "measures"
    PARTS = "parts"


@dataclass(frozen=True, slots=True)
class Family:
    """Figures that differ in one key."""

    prefix: str
    """`breach.`: figures are `breach.CN`, …; without a final point the family is the one figure of that name."""
    definition: str
    """What counts, Vietnamese."""
    label: Callable[[str], str]
    """Of a key, Vietnamese."""
    unit: Callable[[str], str] = lambda _: CASES
    counts: Counts = Counts.CASES
    always: tuple[str, ...] = ()
    """Keys printed where nobody is in them, too."""
    examples: tuple[str, ...] = ()
    """Keys as they may be, where none is printed always: for `reports.figures.listed`."""
    whole: str | None = None
    """The figure its columns add up to, for any data. None: one incident may stand in several."""
    divides: bool = False
    """Whether its `examples` are all the columns of `whole`; only of figures that are published and not counted (`agreement.published_families`)."""
    protects: Callable[[str], bool] = lambda _: False
    """Whether a key's figure counts people to be protected: few of them are not printed."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The figures that together are the whole; empty where there may be others."""
        keys = self.examples if self.divides else self.always
        return tuple(self.prefix + key for key in keys) if self.whole else ()

    def key_of(self, figure_id: str) -> str | None:
        """The key of a figure's id; None where it is not of this family."""
        if not self.prefix.endswith("."):
            return "" if figure_id == self.prefix else None
        key = figure_id.removeprefix(self.prefix)
        if key == figure_id:
            return None
        try:
            self.label(key)
        except (ValueError, LookupError):
            return None
        return key


_ITEMS = frozenset(map(str, range(1, 17)))
_CLAUSE = re.compile(r"\d+(\(\d+\))?")
_RANGE = re.compile(r"\d+-\d+")


def _kind(key: str) -> str:
    return kinds()[Kind(key)].label.vi


def _item(key: str) -> str:
    if key == "none":
        return "ngoài các mục của Điều 39"
    if key not in _ITEMS:
        raise ValueError(key)
    kind = next((entry for entry in kinds().values() if str(entry.article39) == key), None)
    return f"mục {key} Điều 39" + (f" ({kind.label.vi})" if kind else "")


def _side(key: str) -> str:
    if key not in SIDES:
        raise ValueError(key)
    return f"Vi phạm Hiệp định, phía: {_code('side', key)}"


def _clause(key: str) -> str:
    if not _CLAUSE.fullmatch(key):
        raise ValueError(key)
    return f"Vi phạm Điều {key}"


def _stretch(key: str) -> str:
    if key == NO_UNIT:
        return "Vi phạm không gắn với mốc"
    if not _RANGE.fullmatch(key):
        raise ValueError(key)
    return f"Vi phạm tại đoạn mốc {key.replace('-', ' - ')}"


def _code(group: str, key: str) -> str:
    return {entry.code: entry.label.vi for entry in codes()[group]}[key]


def _act(key: str) -> str:
    return "chưa rõ hành vi" if key == "unknown" else facts()["act"].values[key].vi


def _measured(key: str) -> tuple[str, str, str]:
    """Key proper, measure and its unit or part, of `6.persons`, `9.goods.kg`, `6.persons.wanted`."""
    proper, _, rest = key.partition(".")
    what, _, unit = rest.partition(".")
    return proper, what, unit


def _measure_unit(key: str) -> str:
    _, what, unit = _measured(key)
    return _WHAT.get(Measure(what)) or unit or _code("measure", what)


def _measure_label(head: Callable[[str], str]) -> Callable[[str], str]:
    def label(key: str) -> str:
        proper, what, unit = _measured(key)
        names = {part.value: name.vi for part, name in PART_LABELS.items()}
        part = f" (trong đó {names.get(unit, unit)})" if unit and Measure(what) in _WHAT else ""
        return f"{_code('measure', what).capitalize()} trong {head(proper)}{part}"

    return label


def _province(key: str) -> str:
    return "chưa rõ tỉnh" if key == NO_UNIT else province_name(Province(key))


def _named(key: str) -> str:
    return "chưa ghi" if key == NO_UNIT else key


def _protected(key: str) -> bool:
    """Every person of a trafficking case is protected, else the parts that `schemas.parts` protects; a part of vehicles only if it names people."""
    item, what, part = _measured(key)
    if what == Measure.PERSONS:
        return item == "14" or (part != "" and is_protected(part))
    return Measure(what) in _WHAT and part_named(part) is not None and is_protected(part)


def _of_outcome(outcome: Outcome) -> Family:
    label = _code("outcome", outcome).capitalize()
    return Family(
        prefix=f"{outcome}.kind.",
        definition=f"Vụ việc có kết luận “{label.lower()}”, theo loại việc.",
        label=lambda key: f"{label}: {_kind(key)}",
        examples=("works",),
        whole=f"outcome.{outcome}",
    )


FAMILIES: tuple[Family, ...] = (
    Family(
        "incident.total",
        "Mọi vụ việc được tính: thật, đã có báo cáo, không rút lại.",
        lambda _: "Vụ việc được tính",
        always=("",),
    ),
    Family(
        "outcome.",
        "Vụ việc được tính, theo kết luận.",
        lambda key: f"Kết luận: {_code('outcome', key)}",
        always=tuple(Outcome),
        whole="incident.total",
    ),
    Family(
        "breach.total",
        "Vụ vi phạm Hiệp định về quy chế quản lý biên giới.",
        lambda _: "Vi phạm Hiệp định",
        always=("",),
    ),
    Family(
        "breach.",
        "Vụ vi phạm Hiệp định, theo phía vi phạm; không gộp cột nào vào cột nào.",
        _side,
        always=SIDES,
        whole="breach.total",
    ),
    Family(
        "breach.clause.",
        f"Vụ vi phạm Hiệp định, theo điều khoản. {_TOGETHER}",
        _clause,
        examples=("21(1)",),
    ),
    Family(
        "breach.article39.",
        f"Vụ vi phạm Hiệp định cũng thuộc một mục của Điều 39. {_TOGETHER}",
        lambda key: f"Vi phạm Hiệp định thuộc {_item(key)}",
        examples=("1",),
    ),
    Family(
        "breach.kind.",
        "Vụ vi phạm Hiệp định, theo loại việc.",
        lambda key: f"Vi phạm: {_kind(key)}",
        examples=("works",),
        whole="breach.total",
    ),
    Family(
        "breach.stretch.",
        f"Vụ vi phạm Hiệp định, theo đoạn {STRETCH} mốc chính; nơi có nhiều mốc tính theo mốc đầu.",
        _stretch,
        examples=("1050-1099",),
        whole="breach.total",
    ),
    Family(
        "breach.province.",
        "Vụ vi phạm Hiệp định, theo tỉnh có tên lúc xảy ra.",
        lambda key: f"Vi phạm tại tỉnh: {_province(key)}",
        examples=("lang-son",),
        whole="breach.total",
    ),
    Family(
        "breach.district.",
        "Vụ vi phạm Hiệp định, theo huyện ghi trong tin báo, tên lúc xảy ra.",
        lambda key: f"Vi phạm tại huyện: {_named(key)}",
        examples=("Cao Lộc",),
        whole="breach.total",
    ),
    Family(
        "breach.commune.",
        "Vụ vi phạm Hiệp định, theo xã ghi trong tin báo, tên lúc xảy ra.",
        lambda key: f"Vi phạm tại xã: {_named(key)}",
        examples=("Tân Mỹ",),
        whole="breach.total",
    ),
    Family(
        "border_event.total",
        "Sự kiện biên giới không phải vi phạm của một phía: việc thuộc Điều 39 và việc khác phải xử lý.",
        lambda _: "Sự kiện biên giới (không tính là vi phạm)",
        always=("",),
    ),
    Family(
        "article39.",
        "Sự kiện biên giới, theo mục của Điều 39; không gồm vụ vi phạm Hiệp định.",
        lambda key: f"Sự kiện {_item(key)}",
        examples=("6",),
        whole="border_event.total",
    ),
    Family(
        "article39.",
        "Người, phương tiện, hàng hóa trong các sự kiện Điều 39; không cộng với số vụ.",
        _measure_label(_item),
        examples=("6.persons", "9.goods.kg"),
        unit=_measure_unit,
        protects=_protected,
        counts=Counts.MEASURES,
    ),
    Family(
        "article39.",
        "Phần trong số người, phương tiện, hàng hóa mà tin báo nêu riêng.",
        _measure_label(_item),
        examples=("6.persons.women",),
        unit=_measure_unit,
        protects=_protected,
        counts=Counts.PARTS,
    ),
    *(_of_outcome(outcome) for outcome in (Outcome.EXEMPT, Outcome.NO_BREACH, Outcome.NEEDS_FACTS)),
    Family(
        "matter.",
        "Việc được ghi nhận mà không phải vi phạm, theo loại việc.",
        lambda key: kinds()[Kind(key)].label.vi,
        unit=lambda key: _MATTER_UNITS.get(Kind(key), CASES),
        always=tuple(MATTERS),
    ),
    Family(
        "matter.",
        "Số đếm kèm theo các việc được ghi nhận.",
        _measure_label(_kind),
        unit=_measure_unit,
        examples=("sea_obstruction.boats", "sea_obstruction.persons"),
        counts=Counts.MEASURES,
    ),
    Family(
        "sea.",
        f"Vụ tàu cá, ngư dân bị nước ngoài cản trở trên biển, theo hành vi. {_TOGETHER}",
        lambda key: f"Trên biển: {_act(key)}",
        always=SEA_ACTS,
    ),
    Family(
        "sea.",
        "Tàu cá và ngư dân trong các vụ trên biển, theo hành vi. Tàu chịu nhiều hành vi được tính ở từng hành vi, không cộng thành tổng.",
        _measure_label(_act),
        unit=_measure_unit,
        examples=("detained.boats", "detained.persons"),
        counts=Counts.MEASURES,
    ),
    Family(
        "open.needs_facts",
        "Vụ việc còn thiếu dữ kiện nên chưa kết luận được.",
        lambda _: "Vụ việc chờ bổ sung dữ kiện",
        always=("",),
    ),
)
"""In the order they are printed. Measures of one prefix are apart from its cases: `article39.6` counts vụ, `article39.6.persons` people."""


CROSSING_FIGURE = re.compile(r"crossing\.(total|VN-CN|CN-VN)\.(persons|vehicles|goods\..+)", re.DOTALL)
"""The name of a figure of what passed the gates."""


def is_figure(figure_id: str) -> bool:
    """Whether a report may have a figure of this name."""
    return any(family.key_of(figure_id) is not None for family in FAMILIES) or CROSSING_FIGURE.fullmatch(figure_id) is not None
