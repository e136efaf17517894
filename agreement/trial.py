"""A rule against its own fixtures, by the judge that judges everything."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time

from agreement.incident import Incident
from agreement.judge import RuleCrash, judge
from agreement.packs import IN_FORCE, Pack, pack
from agreement.rules.fixture import Fixture
from agreement.rules.rule import Rule
from schemas.codebook import Outcome, Precision, Status
from schemas.incidents import MarkerPlace, Occurred, Place, SeaPlace
from schemas.verdicts import Finding

_PLACES: dict[str, Place] = {
    "line": MarkerPlace(scheme="marker", line="VN-CN", marker="1088/2"),
    "other_line": MarkerPlace(scheme="marker", line="VN-LA", marker="585"),
    "sea": SeaPlace(scheme="sea", area="Hoàng Sa"),
}


@dataclass(frozen=True, slots=True)
class Tried:
    """One fixture, judged."""

    rule_id: str
    number: int
    """Of the fixture on its page, from 1."""
    fixture: Fixture
    outcome: Outcome
    """`not_applicable`: the rule was silent."""
    missing: tuple[str, ...]
    sentence: str
    """The finding's, in Vietnamese; the error where the rule crashed."""
    passed: bool


def tried(rule: Rule) -> Iterator[Tried]:
    """Each fixture of a rule, judged with that rule alone. A crash fails the fixture, and is not raised."""
    alone = pack("trial", valid_from=IN_FORCE, valid_to=None, rules=(rule,))
    for number, fixture in enumerate(rule.fixtures, start=1):
        try:
            answer = finding(rule, fixture, alone)
        except RuleCrash as crash:
            yield Tried(rule.id, number, fixture, Outcome.NOT_APPLICABLE, (), f"{crash}: {crash.__cause__!r}", passed=False)
            continue
        outcome, missing, sentence = (answer.outcome, answer.missing, answer.explanation.vi) if answer else (Outcome.NOT_APPLICABLE, (), "")
        passed = (outcome, missing) == (fixture.outcome, fixture.missing)
        yield Tried(rule.id, number, fixture, outcome, missing, sentence, passed)


def finding(rule: Rule, fixture: Fixture, under: Pack) -> Finding | None:
    """What the rule says of a fixture under a pack; None where it is silent. Raises `RuleCrash`."""
    verdict = judge(_incident(rule, fixture), under)
    return next((each for each in verdict.findings if each.rule_id == rule.id), None)


def _incident(rule: Rule, fixture: Fixture) -> Incident:
    noon = datetime.combine(fixture.occurred, time(5), UTC)  # in Vietnam
    return Incident(
        subject="fixture",
        kind=fixture.kind or rule.kinds[0],
        status=Status.ACTUAL,
        occurred=Occurred(start=noon, precision=Precision.DAY),
        place=_PLACES[fixture.at],
        side=fixture.side,
        facts=fixture.facts,
        complete=True,
        owner="/posts/fixture",
        reporter="/posts/fixture",
        first_time=noon,
        last_time=noon,
        events=(),
    )
