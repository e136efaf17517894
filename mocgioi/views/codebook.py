"""The codebook as one document, whatever it is then written as: kinds by chapter, their facts and examples, the other codes."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib import resources
from typing import Any

from schemas import codebook_entries
from schemas.codebook import ARTICLE39, Kind, Label
from schemas.codebook_entries import CodeEntry, FactOfKind, KindEntry
from texts.wording import number

TITLE = Label("Bảng mã sự việc biên giới", "Codebook of border incidents", "边境事件编码表")
INTRO = Label(
    "Mỗi sự việc đồn báo lên mang một mã loại việc (kind), phía gây ra (side), dữ kiện (facts) và số đếm (measures) ghi ở đây. "
    "Một vụ là một sự việc (subject), không phải một bản tin. Dữ kiện không ghi là chưa biết, không phải là không.",
    "Every incident a post reports bears a kind, a side, facts and measures written here. "
    "One case is one incident (subject), not one message. A fact that is absent is unknown, which is not false.",
)
CHAPTERS: Mapping[str, Label] = {
    "article39": Label("Sự kiện theo Điều 39", "Article 39 events", "第三十九条所列边境事件"),
    "regime": Label("Việc khác của quy chế biên giới", "Other matters of the regime", "边界管理制度其他事项"),
    "recorded": Label("Việc được ghi, không xét", "Recorded, never judged", "仅登记、不判定的事项"),
}
_FIRST_RECORDED = Kind.MARKER_UPKEEP
SETS: Mapping[str, Label] = {
    "status": Label("Trạng thái", "Status", "状态"),
    "precision": Label("Độ chính xác của thời gian", "Precision of the time", "时间精度"),
    "side": Label("Phía", "Side", "责任方"),
    "direction": Label("Hướng", "Direction", "方向"),
    "outcome": Label("Kết luận", "Outcome", "判定结果"),
    "measure": Label("Đơn vị đếm", "Measure", "计量对象"),
    "part": Label("Phần của số người", "Parts of persons", "人员分类"),
    "action": Label("Cách xử lý", "Action", "处置方式"),
}


@dataclass(frozen=True, slots=True)
class Example:
    """One example: a published incident with its id and address, or one made up."""

    text: str
    case: str | None = None
    """Id of the published incident."""
    evidence: str | None = None
    why: str | None = None
    """Of one outside: which kind it is instead, and why."""

    @property
    def address(self) -> str | None:
        """Where it was published, if that is a page of the web."""
        return self.evidence if self.evidence is not None and self.evidence.startswith(("https://", "http://")) else None


@dataclass(frozen=True, slots=True)
class KindSection:
    """A kind with its examples."""

    entry: KindEntry
    inside: tuple[Example, ...]
    outside: tuple[Example, ...]


@dataclass(frozen=True, slots=True)
class Codebook:
    """All of it, in the order it is read."""

    chapters: Mapping[str, tuple[KindSection, ...]]
    """Kinds, by chapter."""
    sets: Mapping[str, tuple[CodeEntry, ...]]
    """The other closed sets."""


def codebook() -> Codebook:
    """The codebook, with what was published of its examples."""
    published = _published()
    sections = [_section(entry, published) for entry in codebook_entries.kinds().values()]
    by_chapter = {chapter: tuple(section for section in sections if _chapter(section.entry.kind) == chapter) for chapter in CHAPTERS}
    return Codebook(by_chapter, codebook_entries.codes())


def as_json(book: Codebook) -> str:
    """For programs: kinds and sets by code."""
    kinds = {section.entry.kind: _kind(section) | {"chapter": name} for name, chapter in book.chapters.items() for section in chapter}
    sets = {
        name: {code.code: {"label": code.label._asdict(), "meaning": {"vi": code.meaning, "en": code.meaning_en}} for code in codes}
        for name, codes in book.sets.items()
    }
    return json.dumps({"kinds": kinds, "sets": sets}, ensure_ascii=False, indent=2) + "\n"


def legal(entry: KindEntry) -> Label:
    """The clauses and the item of Article 39 a kind belongs to; empty where it has neither."""
    vi = [f"Điều {clause}" for clause in entry.clauses]
    en = [f"Article {clause}" for clause in entry.clauses]
    if entry.article39 is not None:
        vi.append(f"mục {entry.article39} Điều 39")
        en.append(f"item {entry.article39} of Article 39")
    return Label(", ".join(vi), ", ".join(en))


def values(fact: FactOfKind) -> Sequence[str]:
    """The closed values of a fact, each with a label; none for a number or words."""
    match fact.form:
        case "code":
            return fact.values
        case "flag":
            return tuple(fact.entry.values)
    return ()


def form(fact: FactOfKind) -> str:
    """What a fact's value looks like, in Vietnamese."""
    unit = fact.entry.unit
    match fact.form:
        case "number" if unit is not None:
            return f"số {unit.vi}, {fact.low:.0f} đến {number(fact.high or 0)}"
        case "flag":
            return "true / false"
        case "words":
            return "lời, nhiều nhất 200 ký tự"
    return "một mã"


def capital(words: str) -> str:
    """As a heading begins."""
    return words[:1].upper() + words[1:]


def _chapter(kind: Kind) -> str:
    if kind in ARTICLE39:
        return "article39"
    order = list(Kind)
    return "recorded" if order.index(kind) >= order.index(_FIRST_RECORDED) else "regime"


def _section(entry: KindEntry, published: Mapping[str, Mapping[str, Any]]) -> KindSection:
    def example(case: str, why: str | None = None) -> Example:
        event = published[case]
        return Example(event["data"]["text"], case, event["evidence"], why)

    return KindSection(
        entry,
        inside=(*(example(case) for case in entry.published), *(Example(text) for text in entry.inside)),
        outside=(*(example(case, why) for case, why in entry.published_outside.items()), *(Example(text) for text in entry.outside)),
    )


def _published() -> Mapping[str, Mapping[str, Any]]:
    events = resources.files("mocgioi").joinpath("data/published.jsonl").read_text(encoding="utf-8").splitlines()
    return {event["id"]: event for event in map(json.loads, events)}


def _kind(section: KindSection) -> dict[str, Any]:
    entry = section.entry
    return {
        "label": entry.label._asdict(),
        "article39": entry.article39,
        "clauses": entry.clauses,
        "definition": {"vi": entry.definition, "en": entry.definition_en},
        "case": {"vi": entry.case, "en": entry.case_en},
        "facts": {fact.entry.name: _fact(fact) for fact in entry.facts},
        "examples": {"inside": _examples(section.inside), "outside": _examples(section.outside)},
    }


def _fact(fact: FactOfKind) -> dict[str, Any]:
    entry = fact.entry
    columns = {
        "label": entry.label._asdict(),
        "definition": {"vi": entry.definition},
        "form": fact.form,
        "several": fact.several or None,
        "unit": entry.unit._asdict() if entry.unit else None,
        "min": fact.low,
        "max": fact.high,
        "values": {value: entry.values[value]._asdict() for value in values(fact)} or None,
    }
    return {name: value for name, value in columns.items() if value is not None}


def _examples(examples: tuple[Example, ...]) -> list[dict[str, str]]:
    return [{name: value for name, value in asdict(example).items() if value is not None} for example in examples]
