"""A rule with everything about it, in words and as JSON."""

from collections.abc import Iterator
from typing import Any

from agreement.clauses import CLAUSES
from agreement.packs import IN_FORCE, Pack
from agreement.rules.asks import Ask, AtLeast, AtMost, Flag, IfReported, OneOf
from agreement.rules.fixture import Fixture
from agreement.rules.rule import Rule
from agreement.trial import Tried, tried
from agreement.words import WORDS
from mocgioi.views.labels import both
from schemas.codebook import KIND_LABELS, Kind, Label

LIST_COLUMNS = ("Quy tắc\nrule", "Điều khoản\nclause", "Điều 39\nitem", "Nội dung\ntitle", "Giới hạn\nlimit", "Bộ\npack")


def listed(rule: Rule, packs: list[Pack]) -> dict[str, Any]:
    """A rule in short, with the packs that hold it."""
    return {
        "id": rule.id,
        "clause": rule.clause,
        "article39": rule.item,
        "kinds": list(rule.kinds),
        "title": inboth(rule.title),
        "limit": rule.limit,
        "packs": [{"id": pack.id, "shadow": rule.id in pack.shadow} for pack in packs],
    }


def list_cells(row: dict[str, Any]) -> tuple[object, ...]:
    """The same as a row of a table."""
    packs = ", ".join(pack["id"] + (" (shadow)" if pack["shadow"] else "") for pack in row["packs"])
    return row["id"], row["clause"], row["article39"], f"{row['title']['vi']}\n{row['title']['en']}", row["limit"], packs


def as_json(rule: Rule, packs: list[Pack]) -> dict[str, Any]:
    """Everything about a rule."""
    return listed(rule, packs) | {
        "asks": {name: asked(name, ask) for name, ask in rule.asks.items()},
        "exceptions": [inboth(label) for label in rule.exceptions],
        "runbook": [inboth(label) for label in rule.runbook],
        "fixtures": [fixture_json(trial) for trial in tried(rule)],
    }


def inboth(label: Label) -> dict[str, str]:
    """A label in the two languages every rule has."""
    return {"vi": label.vi, "en": label.en}


def fixture_json(trial: Tried) -> dict[str, Any]:
    """A fixture and what the rule said of it."""
    return {
        "rule_id": trial.rule_id,
        "number": trial.number,
        "given": given(trial.fixture),
        "facts": dict(trial.fixture.facts),
        "expected": {"outcome": trial.fixture.outcome, "missing": list(trial.fixture.missing)},
        "said": {"outcome": trial.outcome, "missing": list(trial.missing), "sentence": trial.sentence},
        "passed": trial.passed,
    }


def asked(name: str, ask: Ask) -> str:
    """What a rule can tell apart of a fact, limits with their unit."""
    unit = WORDS[name].unit.en
    match ask:
        case AtMost(limit):
            return f"<= {limit:g} {unit}"
        case AtLeast(limit, graver):
            return f">= {limit:g} {unit}" + (f", >= {graver:g} {unit}" if graver is not None else "")
        case OneOf(points):
            return " | ".join(points)
        case Flag():
            return "true | false"
        case IfReported():
            return "true, nếu có báo · if reported"


def given(fixture: Fixture) -> str:
    """The circumstances and facts of a fixture, in short."""
    parts = [f"{name}={str(value).lower() if isinstance(value, bool) else value}" for name, value in fixture.facts.items()]
    around = [fixture.kind, None if fixture.at == "line" else fixture.at, None if fixture.side == "CN" else f"side={fixture.side}"]
    around.append(None if fixture.occurred > IN_FORCE else f"occurred={fixture.occurred}")
    edge = [f"[{fixture.edge[0]}: {fixture.edge[1]}]"] if fixture.edge else []
    return " ".join([*edge, *filter(None, around), *parts]) or "(không có dữ kiện · no facts)"


def sheet(rule: Rule, packs: list[Pack]) -> Iterator[str]:
    """The page, line by line, Vietnamese with English."""
    yield rule.id
    yield from _labelled("Nội dung · title", both(rule.title))
    if rule.clause is not None:
        yield from _labelled("Điều khoản · clause", f"Điều · Article {rule.clause}: {both(CLAUSES[rule.clause])}")
    if rule.item is not None:
        yield from _labelled("Điều 39 · item", str(rule.item))
    yield from _labelled("Loại việc · kinds", ", ".join(f"{kind} ({KIND_LABELS[Kind(kind)].vi})" for kind in rule.kinds))
    yield from _labelled("Giới hạn · limit", rule.limit or "-")
    yield from _labelled("Bộ quy tắc · packs", ", ".join(p.id + (" (thử · shadow)" if rule.id in p.shadow else "") for p in packs) or "-")
    yield "  Cần biết · needs"
    for name, ask in rule.asks.items():
        yield f"    {name}: {asked(name, ask)}: {both(WORDS[name].asked)}"
    yield "  Ngoại lệ · exceptions"
    yield from _steps(rule.exceptions, "-")
    yield "  Sổ tay trực ban · runbook"
    yield from _steps(rule.runbook, None)
    yield "  Ví dụ kiểm tra · fixtures"
    for trial in tried(rule):
        yield "    " + line(trial)
        if trial.sentence:
            yield f"         {trial.sentence}"


def line(trial: Tried) -> str:
    """A fixture in one line: whether it holds, what is given, what was said and what should have been."""
    wanted = "" if trial.passed else f", phải là · expected {trial.fixture.outcome}{_missing(trial.fixture.missing)}"
    verdict = "ok  " if trial.passed else "FAIL"
    return f"{verdict} {trial.rule_id} #{trial.number}: {given(trial.fixture)} -> {trial.outcome}{_missing(trial.missing)}{wanted}"


def _missing(names: tuple[str, ...]) -> str:
    return f" ({', '.join(names)})" if names else ""


def _labelled(label: str, text: str) -> Iterator[str]:
    yield f"  {label:<24}{text}"


def _steps(labels: tuple[Label, ...], bullet: str | None) -> Iterator[str]:
    for number, label in enumerate(labels, start=1):
        yield f"    {bullet or f'{number}.'} {label.vi}"
        yield f"      {label.en}"
    if not labels:
        yield "    -"
