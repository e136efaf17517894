"""What a duty officer does about an incident, step by step: the runbooks of the rules that found something, with the incident's own words in them."""

import re
from collections.abc import Collection, Mapping
from typing import Any

from agreement.packs import PACKS
from border.places import gates, posts
from schemas.codebook import SIDE_LABELS, Label, Outcome, Side
from schemas.codebook_entries import facts

_NEEDS_SOMEBODY = (Outcome.BREACH, Outcome.NEEDS_FACTS, Outcome.BORDER_EVENT)
_NAME = re.compile(r"\{([a-z0-9_.]+)\}")
_FIELDS = {
    "text": Label("(lời kể)", "(the narrative)"),
    "measures": Label("mục số đếm", "the measures"),
    "handling": Label("mục xử lý", "the handling"),
    "direction": Label("hướng đi", "the direction"),
    "attachments": Label("tệp kèm theo", "the attachments"),
    "occurred": Label("lúc xảy ra", "when it occurred"),
    "kind": Label("loại việc", "the kind"),
    "place": Label("nơi xảy ra", "the place"),
    "side": Label("chưa rõ", "unknown"),
    "reporter": Label("đồn báo tin", "the post that reported"),
}
"""What stands for a field that a step tells to fill, or whose value is not known."""


def steps(incident: Mapping[str, Any]) -> list[Label]:
    """The steps for an incident of `sinks.query.incidents.incident_shown`, each once, in order; none asks to find out what is known."""
    rules = {rule.id: rule for pack in PACKS for rule in pack.rules}
    findings = [each for each in incident["findings"] if each["outcome"] in _NEEDS_SOMEBODY and not each.get("shadow")]
    chosen = [rules[finding["rule_id"]] for finding in findings if finding["rule_id"] in rules]
    stated = incident["folded"]["facts"]
    of_incident = dict.fromkeys(step for rule in chosen for step in rule.runbook if not _asks(step, rule.asks.keys() & stated.keys()))
    known = _known(incident)
    return [Label(*(_filled(text, known, language) for language, text in enumerate((step.vi, step.en)))) for step in of_incident]


def _asks(step: Label, names: Collection[str]) -> bool:
    """Whether a step has one of these facts found out."""
    return any(f"{{facts.{name}}}" in step.vi for name in names)


def _known(incident: Mapping[str, Any]) -> dict[str, Label]:
    """The fields with the incident's own values, as far as there are any."""
    folded = incident["folded"]
    known = dict(_FIELDS) | {"subject": Label(incident["incident"], incident["incident"])}
    if folded["side"]:
        known["side"] = SIDE_LABELS[Side(folded["side"])]
    if where := _where(folded["place"] or {}):
        known["place"] = where
    _, family, slug, *_ = folded["reporter"].split("/")
    if family == "posts":
        name = posts()[slug].name if slug in posts() else slug
        known["reporter"] = Label(name, name)
    return known


def _where(place: Mapping[str, Any]) -> Label | None:
    if marker := place.get("marker"):
        return Label(f"mốc {marker}", f"marker {marker}")
    gate = gates().get(place.get("gate") or "")
    name = gate.label if gate is not None else place.get("area")
    return Label(name, name) if name else None


def _filled(text: str, known: Mapping[str, Label], language: int) -> str:
    def value(match: re.Match[str]) -> str:
        name = match[1]
        fact = name.removeprefix("facts.")
        label = facts()[fact].label if fact != name else known[name]
        return label[language]

    return _NAME.sub(value, text)
