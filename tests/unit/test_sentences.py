"""How findings read: every kind of outcome of every rule, in `sentences.txt`, as an official would write it."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from agreement import trial
from agreement.judge import judge_event
from agreement.packs import PACKS
from agreement.phrases import BEYOND, WITHIN, Wording, because, phrase, spoken
from agreement.rules.asks import AtMost
from agreement.rules.fixture import Fixture
from agreement.rules.rule import Rule
from agreement.rules.table import RULES
from agreement.words import WORDS
from schemas.codebook import Label, Outcome
from schemas.validation import decode
from schemas.verdicts import Explanation, Finding
from tests.builders import incident, payload, reported
from tests.unit.test_rules import partial

BROKEN = re.compile(r"[\[\]{}<>|?]|  |, ;|,,| [,;.]|: [,;]|vì và|là và|was and|(là|was|were|vì|because) ?[.;,]")
"""Seams between phrases that show."""
GOLDEN = Path(__file__).with_name("sentences.txt")
REASONED = (phrase("", "p"), because(phrase("", "r", x="1"), phrase("", "s", y="1"), phrase("", "t", z="1")))


def findings(rule: Rule) -> Iterator[tuple[Fixture, Finding]]:
    for fixture in rule.fixtures:
        finding = trial.finding(rule, fixture, PACKS[0])
        if finding is not None:
            yield fixture, finding


def golden() -> str:
    """One sentence of each outcome of each rule, and of each set of facts asked for."""
    lines = ["Made by tests/unit/test_sentences.py: `python -m tests.unit.test_sentences` writes it again. Read every change.", ""]
    for rule in RULES:
        lines += [rule.id]
        seen = set()
        for fixture, finding in findings(rule):
            look = (
                finding.outcome,
                finding.missing,
                tuple((name, str(value)) for name, value in fixture.facts.items() if name != "distance_m"),
            )
            if look not in seen:
                seen.add(look)
                lines += [f"  {finding.outcome}", f"    {finding.explanation.vi}", f"    {finding.explanation.en}"]
        lines += [""]
    return "\n".join(lines)


def explained(**changes: Any) -> Explanation:
    return judge_event(decode(payload(reported(incident(**changes))))).findings[0].explanation


def test_the_sentences_are_those_somebody_read() -> None:
    assert GOLDEN.read_text(encoding="utf-8") == golden()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_sentence_is_whole_in_both_languages_whatever_is_known(rule: Rule) -> None:
    for facts in partial(rule):
        for stated in ({}, dict.fromkeys(rule.mentions, "kè đá")):
            case = Fixture(outcome=Outcome.BREACH, facts={**facts, **stated})
            finding = trial.finding(rule, case, PACKS[0])
            if finding is None:
                continue
            for text in finding.explanation.vi, finding.explanation.en:
                assert text.endswith(".")
                assert not BROKEN.search(text), text
            assert finding.explanation.vi.startswith("Điều ")
            assert finding.explanation.en.startswith("Article ")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_fact_used_changes_the_sentence(rule: Rule) -> None:
    """Nothing that a finding rests on goes unsaid: without it the sentence is another."""
    for fixture, finding in findings(rule):
        for name in finding.facts:
            rest = {key: value for key, value in fixture.facts.items() if key != name}
            without = trial.finding(rule, Fixture(outcome=fixture.outcome, facts=rest, kind=fixture.kind, side=fixture.side), PACKS[0])
            assert without is None or without.explanation != finding.explanation, (name, finding.explanation.vi)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_what_is_asked_for_is_named_with_its_field(rule: Rule) -> None:
    for _, finding in findings(rule):
        for name in finding.missing:
            assert f"{WORDS[name].asked.vi} ({name})" in finding.explanation.vi
            assert f"{WORDS[name].asked.en} ({name})" in finding.explanation.en
        assert ("cần biết" in finding.explanation.vi) is bool(finding.missing)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_each_outcome_is_worded_apart(rule: Rule) -> None:
    ends: dict[str, set[Outcome]] = {}
    for _, finding in findings(rule):
        ends.setdefault(re.sub(r" vì .*|, .*", "", finding.explanation.vi.split("; ", 1)[1]), set()).add(finding.outcome)
    assert all(len(outcomes) == 1 for outcomes in ends.values()), ends


def test_numbers_and_limits_are_written_as_each_language_writes_them() -> None:
    sentence = explained(kind="hazard_site", facts={"distance_m": 1234.5})
    assert "cách đường biên giới 1.234,5 m (giới hạn 1.000 m)" in sentence.vi
    assert "1,234.5 m (limit 1,000 m) from the line" in sentence.en
    assert "0 m" in explained(kind="gun_hunting", facts={"distance_m": -0.0}).vi


@pytest.mark.parametrize("structure", ["nhà ở; không vi phạm", "{distance_m}", "a {0} %s \\", "“x”", "[agreed?]", "<a|b>"])
def test_a_posts_own_words_are_quoted_and_stay_as_they_are(structure: str) -> None:
    facts = {"structure": structure, "purpose": "other", "permanent": True, "change": "new", "distance_m": 18, "agreed": False}
    assert f"mục đích là “{structure}” và" in explained(facts=facts).vi
    assert f"“{structure}”" in explained(facts=facts).en


def test_sentences_that_differ_by_a_number_only_say_it() -> None:
    assert {explained(kind="mining", facts={"distance_m": metres}).vi.count(f"{metres} m (giới hạn 500 m)") for metres in (1, 2, 499)} == {
        1
    }


@pytest.mark.parametrize(
    ("wording", "facts", "text"),
    [
        ((phrase("", "a"), phrase("", " {x}")), {}, "a"),
        ((phrase("", "a"), phrase("", " {x}")), {"x": "1"}, "a X"),
        (phrase("", "unknown", x=None), {}, "unknown"),
        (phrase("", "unknown", x=None), {"x": "1"}, ""),
        (phrase("", "one", x="1"), {"x": "1"}, "one"),
        (phrase("", "one", x="1"), {"x": "2"}, ""),
        (phrase("", "one", x="1"), {}, ""),
        (phrase("", "either", x=frozenset({"1", "2"})), {"x": "2"}, "either"),
        (phrase("", "either", x=frozenset({"1", "2"})), {"x": "3"}, ""),
        (phrase("", "either", x=frozenset({"1", "2"})), {}, ""),
        (phrase("", "both", x="1", y="1"), {"x": "1"}, ""),
        (phrase("", "only", x="1", y=None), {"x": "1"}, "only"),
        ((phrase("", "in", n=WITHIN), phrase("", "out", n=BEYOND)), {"n": 30.0}, "in"),
        ((phrase("", "in", n=WITHIN), phrase("", "out", n=BEYOND)), {"n": 30.5}, "out"),
        ((phrase("", "in", n=WITHIN), phrase("", "out", n=BEYOND)), {}, ""),
        (REASONED, {}, "p"),
        (REASONED, {"y": "1"}, "p because s"),
        (REASONED, {"x": "1", "z": "1"}, "p because r and t"),
        (REASONED, {"x": "1", "y": "1", "z": "1"}, "p because r, s and t"),
    ],
)
def test_a_phrase_stands_only_where_its_facts_are_as_required(wording: Wording, facts: dict[str, Any], text: str) -> None:
    words = {name: Label(name.upper(), name.upper()) for name in facts}
    label, mentioned = spoken(wording, facts, {"n": AtMost(30)}, words)
    assert label.en == text
    assert bool(mentioned) is (text not in ("", "a", "p"))


if __name__ == "__main__":
    GOLDEN.write_text(golden(), encoding="utf-8")
