"""The codebook: every code has every column, its examples are real, and the pages under `docs/` are what it says."""

import json
import re
import subprocess
import sys
from html.parser import HTMLParser
from importlib import resources
from pathlib import Path

import pytest

from agreement.clauses import CLAUSES
from agreement.rules.table import RULES
from mocgioi.views.codebook import as_json, codebook
from mocgioi.views.codebook_html import html
from mocgioi.views.codebook_markdown import markdown
from schemas import codebook as codes
from schemas import codebook_entries
from schemas.codebook import ARTICLE39, Kind, Label, toml_table
from schemas.facts import FACTS_BY_KIND
from schemas.validation import decode
from tests.builders import incident, payload, reported

DOCS = Path(__file__).parents[2] / "docs"
WRITTEN = {"md": markdown, "html": html, "json": as_json}
PUBLISHED = {
    event["id"]: event
    for event in map(json.loads, resources.files("mocgioi").joinpath("data/published.jsonl").read_text(encoding="utf-8").splitlines())
}
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def translated(label: Label) -> bool:
    """Whether a label is there in the three languages, and the third is Chinese."""
    return bool(label.vi and label.en and CHINESE.search(label.zh)) and not CHINESE.search(label.vi + label.en)


@pytest.mark.parametrize("form", WRITTEN)
def test_the_checked_in_page_is_what_the_tables_say(form: str) -> None:
    assert (DOCS / f"codebook.{form}").read_text(encoding="utf-8") == WRITTEN[form](codebook())


@pytest.mark.parametrize("form", WRITTEN)
def test_the_command_writes_the_same_to_a_file_and_to_the_terminal(form: str, tmp_path: Path) -> None:
    command = [sys.executable, "-c", "from mocgioi.cli import main; main()", "codebook", "--format", form]
    printed = subprocess.run(command, capture_output=True, timeout=60, check=True).stdout.decode()
    subprocess.run([*command, "-o", str(tmp_path / "page")], timeout=60, check=True)
    assert printed == (tmp_path / "page").read_text(encoding="utf-8") == WRITTEN[form](codebook())


@pytest.mark.parametrize("kind", Kind)
def test_a_kind_has_every_column(kind: Kind) -> None:
    entry = codebook_entries.kinds()[kind]
    assert translated(entry.label)
    for sentence in (entry.definition, entry.definition_en, entry.case, entry.case_en):
        assert sentence.endswith(".")
        assert sentence[0] == sentence[0].upper()
    assert entry.published or entry.inside
    assert entry.published_outside or entry.outside


def test_tables_hold_the_codes_and_nothing_else_in_their_order() -> None:
    assert list(toml_table("kinds.toml")) == list(Kind)
    assert list(toml_table("codes.toml")) == list(codebook_entries.SETS)
    for name, codes_of_set in codebook_entries.SETS.items():
        assert list(toml_table("codes.toml")[name]) == list(codes_of_set)
    columns = {
        "vi", "en", "zh", "clauses", "definition", "definition_en", "case", "case_en",
        "published", "inside", "published_outside", "outside",
    }  # fmt: skip
    for kind, row in toml_table("kinds.toml").items():
        assert set(row) <= columns, kind


def test_every_other_code_has_every_column() -> None:
    for name, of_set in codebook_entries.codes().items():
        assert len({code.label for code in of_set}) == len(of_set), name
        for code in of_set:
            assert translated(code.label), (name, code)
            assert code.meaning.endswith("."), (name, code)
            assert code.meaning_en.endswith("."), (name, code)


def test_labels_are_those_of_the_tables() -> None:
    for labels in (codes.KIND_LABELS, codes.SIDE_LABELS, codes.OUTCOME_LABELS):
        assert all(translated(label) for label in labels.values())
    assert codes.SIDE_LABELS[codes.Side.CN].vi == "Trung Quốc"
    assert len(codes.KIND_LABELS) == len(codes.Kind)


def test_facts_are_those_of_the_kinds_and_nothing_else() -> None:
    assert set(codebook_entries.facts()) == {name for facts in FACTS_BY_KIND.values() for name in facts.__annotations__}


@pytest.mark.parametrize("kind", Kind)
def test_every_fact_of_a_kind_says_its_unit_and_what_each_value_means(kind: Kind) -> None:
    for fact in codebook_entries.facts_of(kind):
        entry = fact.entry
        assert translated(entry.label), entry.name
        assert entry.definition.endswith("."), entry.name
        assert all(translated(label) for label in entry.values.values()), entry.name
        match fact.form:
            case "number":
                assert entry.unit is not None
                assert translated(entry.unit)
                assert fact.low is not None
                assert fact.high is not None
            case "flag":
                assert set(entry.values) == {"true", "false"}
            case "code":
                assert fact.values
                assert set(fact.values) <= set(entry.values)


UNITS = {"_m": "metres", "_km": "kilometres", "_hours": "hours", "_days": "days"}


def test_the_unit_of_a_number_is_the_one_in_its_name() -> None:
    for name, fact in codebook_entries.facts().items():
        suffix = next((suffix for suffix in sorted(UNITS, key=len, reverse=True) if name.endswith(suffix)), None)
        assert (fact.unit.en if fact.unit else None) == (UNITS[suffix] if suffix else None), name


def test_limits_of_a_number_are_those_of_validation() -> None:
    for kind in Kind:
        for fact in codebook_entries.facts_of(kind):
            if fact.form == "number":
                for value in (fact.low, fact.high):
                    decode(payload(reported(incident(kind=kind, facts={fact.entry.name: value}))))


@pytest.mark.parametrize("kind", Kind)
def test_published_examples_are_of_the_kind_and_those_outside_are_not(kind: Kind) -> None:
    entry = codebook_entries.kinds()[kind]
    assert all(PUBLISHED[case]["data"]["kind"] == kind for case in entry.published)
    assert bool(entry.published) == any(event["data"]["kind"] == kind for event in PUBLISHED.values())
    for case, why in entry.published_outside.items():
        assert why.split(":")[0] == PUBLISHED[case]["data"]["kind"] != kind


def test_clauses_were_seen_and_are_those_the_rules_cite() -> None:
    for kind, entry in codebook_entries.kinds().items():
        assert set(entry.clauses) <= set(CLAUSES), kind
        assert entry.article39 == ARTICLE39.get(kind)
        cited = {clause for rule in RULES if kind in rule.kinds for clause in (rule.clause, rule.border_clause) if clause}
        assert cited <= set(entry.clauses), kind


def test_the_page_leads_to_every_code_once() -> None:
    names = [kind.value for kind in Kind] + [f"set-{name}" for name in codebook_entries.SETS]
    page = markdown(codebook())
    for name in names:
        assert page.count(f"](#{name})") == 1
        assert page.count(f'<a id="{name}"></a>') == 1


class Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        of = dict(attrs)
        if "id" in of:
            self.ids.append(of["id"] or "")
        if (of.get("href") or "").startswith("#"):
            self.links.append((of["href"] or "")[1:])
        if tag not in {"meta", "br", "!doctype"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_html_is_well_formed_and_every_link_of_its_contents_leads_somewhere() -> None:
    page = Page()
    page.feed(html(codebook()))
    assert page.open == []
    assert len(set(page.ids)) == len(page.ids)
    assert set(page.links) == set(page.ids)
    assert len(page.links) == len(page.ids)
