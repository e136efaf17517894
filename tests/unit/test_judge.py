"""Judging events and incidents: scope, sides, sentences, and what no input may do."""

import itertools
import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, Literal, get_args, get_origin, get_type_hints

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agreement.effective import counts_as_breach, effective
from agreement.incident import fold
from agreement.judge import JUDGE_VERSION, RuleCrash, judge, judge_event
from agreement.packs import IN_FORCE, PACKS, UnknownPack, day_of, in_force, pack, pack_named
from agreement.rules.rule import Known, Rule
from agreement.rules.table import KINDS_WITHOUT_RULE, RULES
from schemas.codebook import STRENGTH, Kind, Label, Outcome, Side
from schemas.events import AnyEvent
from schemas.facts import FACTS_BY_KIND
from schemas.validation import decode
from schemas.verdicts import Finding, Verdict
from tests.builders import NOON, assessed, crossing, envelope, incident, payload, reported, retracted, updated

PACK = PACKS[0]
BY_ID = {rule.id: rule for rule in RULES}
BORDER_EVENT_KINDS = {kind for rule in RULES if rule.clause is None or rule.border_clause == "22" for kind in rule.kinds}


def event(raw: dict[str, Any]) -> AnyEvent:
    return decode(payload(raw))


def alone(**changes: Any) -> Verdict:
    """The verdict on one report of its own."""
    return judge_event(event(reported(incident(**changes))))


def reasons(verdict: Verdict) -> list[tuple[Outcome, str]]:
    return [(finding.outcome, finding.rule_id) for finding in verdict.findings]


def values(kind: Kind) -> st.SearchStrategy[dict[str, Any]]:
    """Facts of a kind, any of them unknown."""
    optional = {}
    for name, wanted in get_type_hints(FACTS_BY_KIND[kind]).items():
        if get_origin(wanted) is Literal:
            optional[name] = st.sampled_from(get_args(wanted))
        elif wanted is bool:
            optional[name] = st.booleans()
        elif wanted is float:
            optional[name] = st.one_of(st.integers(0, 300), st.floats(0, 300), st.sampled_from([-0.0, 10, 15, 25, 30, 48, 30.000001]))
        else:
            optional[name] = st.text("nhà ở“”{}%\\", min_size=1, max_size=8)
    return st.fixed_dictionaries({}, optional=optional)


reports = st.sampled_from(list(Kind)).flatmap(
    lambda kind: st.builds(
        lambda facts, side, marker: reported(
            incident(kind=kind, facts=facts, side=side, text="mô tả", place={"scheme": "marker", "line": "VN-CN", "marker": marker})
        ),
        values(kind),
        st.sampled_from(list(Side)),
        st.sampled_from(["1088/2", "556/1-556/2, 560-561", "1363(2) - 500m"]),
    )
)


def test_a_new_house_18_m_from_the_line_breaks_21_1() -> None:
    verdict = alone()
    assert (verdict.outcome, verdict.rule_pack, verdict.judge_version) == (Outcome.BREACH, "2009.1", JUDGE_VERSION)
    (finding,) = verdict.findings
    assert (finding.clause, finding.article39, finding.side, finding.markers) == ("21(1)", None, Side.CN, ("1088/2",))
    assert (finding.limit, finding.missing) == ("distance_m <= 30", ())
    assert finding.facts == {"purpose": "other", "permanent": True, "change": "new", "distance_m": 18, "agreed": False}
    assert finding.explanation.vi == (
        "Điều 21(1): công trình kiên cố mới cách đường biên giới 18 m (giới hạn 30 m); "
        "không thuộc ngoại lệ Điều 21(2) vì mục đích là nhà ở và hai bên chưa thỏa thuận."
    )
    assert finding.explanation.en == (
        "Article 21(1): new permanent works 18 m (limit 30 m) from the line; outside the exceptions of Article 21(2) "
        "because the purpose is “nhà ở” and they were not agreed by the two sides."
    )


def test_a_place_of_several_marks_gives_them_all_in_canonical_form() -> None:
    verdict = alone(place={"scheme": "marker", "line": "VN-CN", "marker": "mốc 556/1 - 556/2, 560–561 và 836 (2)"})
    assert verdict.findings[0].markers == ("556/1-556/2", "560-561", "836(2)")


@given(reports)
def test_no_report_of_any_kind_side_and_facts_fails_to_get_a_verdict(raw: dict[str, Any]) -> None:
    verdict = judge_event(event(raw))
    assert verdict.findings
    assert verdict.outcome is max((finding.outcome for finding in verdict.findings), key=STRENGTH.__getitem__)
    if verdict.outcome is Outcome.NOT_APPLICABLE:
        assert len(verdict.findings) == 1
    for finding in verdict.findings:
        assert finding.facts.items() <= raw["data"]["facts"].items()
        assert finding.side == raw["data"]["side"]
        assert finding.markers
        assert not set(finding.missing) & set(finding.facts)
        assert bool(finding.missing) is (finding.outcome is Outcome.NEEDS_FACTS) or finding.outcome is Outcome.BORDER_EVENT
        assert all(f"({name})" in finding.explanation.vi and f"({name})" in finding.explanation.en for name in finding.missing)
        assert finding.article39 is None or finding.outcome in (Outcome.BREACH, Outcome.NEEDS_FACTS, Outcome.BORDER_EVENT)


@given(reports)
def test_a_report_alone_and_its_incident_get_the_same_verdict(raw: dict[str, Any]) -> None:
    report = event(raw)
    assert judge_event(report) == judge(fold([report]), PACK)  # type: ignore[list-item]


@given(reports)
def test_nature_never_breaks_the_agreement(raw: dict[str, Any]) -> None:
    raw["data"]["side"] = "natural"
    verdict = judge_event(event(raw))
    assert verdict.outcome in (Outcome.NOT_APPLICABLE, Outcome.BORDER_EVENT, Outcome.NO_BREACH)


@pytest.mark.parametrize(("kind", "side"), list(itertools.product(Kind, Side)))
def test_every_kind_by_every_side_without_a_single_fact(kind: Kind, side: Side) -> None:
    verdict = alone(kind=kind, side=side, facts={}, text="mô tả")
    if kind in KINDS_WITHOUT_RULE:
        assert reasons(verdict) == [(Outcome.NOT_APPLICABLE, "scope.kind")]
    elif kind in BORDER_EVENT_KINDS or (kind is Kind.MARKER_DAMAGE and side is Side.NATURAL):
        assert verdict.outcome is Outcome.BORDER_EVENT
    elif side is Side.NATURAL:
        assert reasons(verdict) == [(Outcome.NOT_APPLICABLE, "scope.nature")]
    else:
        assert verdict.outcome is (Outcome.BORDER_EVENT if kind is Kind.CROSS_PRODUCTION else Outcome.NEEDS_FACTS)


def test_a_marker_moved_by_a_flood_is_a_border_event_under_5_2_whatever_else_was_said() -> None:
    for facts in ({}, {"cause": "natural", "state": "moved"}, {"cause": "deliberate"}, {"cause": "unknown"}):
        (finding,) = alone(kind="marker_damage", side="natural", facts=facts).findings
        assert (finding.outcome, finding.clause, finding.article39, finding.missing) == (Outcome.BORDER_EVENT, "5(2)", None, ())


# Scope


@pytest.mark.parametrize(
    ("start", "outcome"),
    [
        ("2010-07-14T00:00:00+07:00", Outcome.BREACH),
        ("2010-07-13T17:00:00Z", Outcome.BREACH),
        ("2010-07-13T23:59:59+07:00", Outcome.NOT_APPLICABLE),
        ("2010-07-14T00:30:00+08:00", Outcome.NOT_APPLICABLE),
        ("1900-01-01T00:00:00+14:00", Outcome.NOT_APPLICABLE),
    ],
)
def test_the_agreement_begins_on_14_july_2010_in_vietnam(start: str, outcome: Outcome) -> None:
    verdict = alone(occurred={"start": start, "precision": "minute"})
    assert verdict.outcome is outcome
    if outcome is Outcome.NOT_APPLICABLE:
        assert reasons(verdict) == [(outcome, "scope.before")]
        assert "14/7/2010" in verdict.findings[0].explanation.vi


@pytest.mark.parametrize(
    ("place", "reason"),
    [
        ({"scheme": "marker", "line": "VN-LA", "marker": "585"}, "scope.line"),
        ({"scheme": "marker", "line": "VN-KH", "marker": "không phải mốc nào"}, "scope.line"),
        ({"scheme": "sea", "area": "Hoàng Sa"}, "scope.sea"),
    ],
)
def test_another_line_and_the_sea_are_outside(place: dict[str, Any], reason: str) -> None:
    for kind in Kind:
        verdict = alone(kind=kind, facts={}, place=place, text="mô tả")
        assert reasons(verdict) == [(Outcome.NOT_APPLICABLE, reason)]
        assert verdict.findings[0].markers == ()


@pytest.mark.parametrize("place", [{"scheme": "gate", "gate": "tan-thanh"}, {"scheme": "area", "area": "Bảo Lạc"}])
def test_a_gate_and_an_area_are_on_the_line(place: dict[str, Any]) -> None:
    assert alone(place=place).outcome is Outcome.BREACH


@pytest.mark.parametrize(
    "raw",
    [
        updated("inc-x", incident()),
        retracted("inc-x"),
        assessed("inc-x", {"outcome": "breach"}),
        crossing(),
        envelope("duty.noted", {"by_office": "truc-ban", "note": "đã gọi"}),
        envelope(
            "post.reported",
            {"status": "actual", "interval": {"start": NOON.isoformat(), "end": NOON.isoformat()}, "incidents": 0, "crossings": 0},
        ),
    ],
    ids=lambda raw: raw["type"],
)
def test_an_event_that_is_no_whole_incident_is_not_applicable(raw: dict[str, Any]) -> None:
    assert reasons(judge_event(event(raw))) == [(Outcome.NOT_APPLICABLE, "scope.event")]


def test_an_incomplete_incident_is_not_judged() -> None:
    verdict = judge(fold([event(updated("inc-x", incident()))]), PACK)  # type: ignore[list-item]
    assert reasons(verdict) == [(Outcome.NOT_APPLICABLE, "scope.event")]


def test_status_and_retraction_leave_the_verdict_alone() -> None:
    assert all(alone(status=status).outcome is Outcome.BREACH for status in ("actual", "exercise", "test", "draft"))
    events = [event(reported(subject="inc-x")), event(retracted("inc-x"))]
    assert judge(fold(events), PACK).outcome is Outcome.BREACH  # type: ignore[arg-type]


# Facts left over from a kind since corrected


def test_a_value_of_another_kind_is_unknown() -> None:
    facts = {"purpose": "hunting", "permanent": True, "change": "new", "distance_m": 18, "agreed": False}
    events = [event(reported(incident(kind="gun_hunting", facts={"purpose": "hunting", "distance_m": 18}), subject="inc-x"))]
    events.append(event(updated("inc-x", {"kind": "works", "facts": {"permanent": True, "change": "new", "agreed": False}})))
    whole = fold(events)  # type: ignore[arg-type]
    assert whole.facts == facts
    (finding,) = judge(whole, PACK).findings
    assert (finding.outcome, finding.missing) == (Outcome.NEEDS_FACTS, ("purpose",))
    assert "purpose" not in finding.facts


def test_a_value_of_another_type_is_unknown_even_where_it_is_equal_to_one_judged_before() -> None:
    assert alone(facts=incident()["facts"] | {"distance_m": 1}).outcome is Outcome.BREACH
    whole = msgspec.structs.replace(fold([event(reported())]), facts=incident()["facts"] | {"distance_m": True})  # type: ignore[list-item]
    (finding,) = judge(whole, PACK).findings
    assert (finding.outcome, finding.missing) == (Outcome.NEEDS_FACTS, ("distance_m",))


# Rules and packs


def always_breach(f: Known) -> Outcome:
    return Outcome.BREACH


def crashes(f: Known) -> Outcome:
    return Outcome(str(f["no such fact"]))


CRASHING = Rule(id="0.crash", clause="1", kinds=(Kind.PATROL,), title=Label("hỏng", "broken"), asks={}, decide=crashes)


def test_a_rule_that_crashes_names_itself_and_its_cause() -> None:
    packs = (pack("broken", valid_from=date(2010, 7, 14), valid_to=None, rules=(*RULES, CRASHING)),)
    for _ in range(2):
        with pytest.raises(RuleCrash) as crash:
            judge_event(event(reported(incident(kind="patrol", facts={}))), packs)
        assert crash.value.rule_id == "0.crash"
        assert isinstance(crash.value.__cause__, KeyError)
    assert judge_event(event(reported()), packs).outcome is Outcome.BREACH


def test_the_pack_is_the_one_in_force_when_it_occurred() -> None:
    first = pack("a", valid_from=date(2010, 7, 14), valid_to=date(2026, 1, 1), rules=RULES)
    second = pack("b", valid_from=date(2026, 1, 1), valid_to=None, rules=())
    packs = (first, second)
    assert [in_force(on, packs).id for on in (date(2000, 1, 1), date(2010, 7, 14), date(2025, 12, 31), date(2026, 1, 1))] == list("aaab")
    eve = incident(occurred={"start": "2025-12-31T23:30:00+07:00", "precision": "minute"})
    day = incident(occurred={"start": "2025-12-31T17:00:00Z", "precision": "minute"})
    later = "2026-01-05T08:00:00+07:00"
    assert judge_event(event(reported(eve, time=later)), packs).rule_pack == "a"
    assert judge_event(event(reported(day, time=later)), packs).rule_pack == "b"


def test_every_day_since_the_agreement_has_a_pack_and_every_pack_a_name_of_its_own() -> None:
    assert len({each.id for each in PACKS}) == len(PACKS)
    edges = {IN_FORCE} | {day for each in PACKS for day in (each.valid_from, each.valid_to) if day is not None}
    for day in edges:
        chosen = in_force(day)
        assert chosen.valid_from <= day
        assert chosen.valid_to is None or day < chosen.valid_to


def test_a_pack_replaces_another_by_standing_behind_it() -> None:
    old = pack("a", valid_from=IN_FORCE, valid_to=None, rules=RULES)
    trial = pack("b", valid_from=date(2025, 1, 1), valid_to=date(2026, 1, 1), rules=())
    packs = (old, trial)
    assert [in_force(on, packs).id for on in (date(2024, 12, 31), date(2025, 1, 1), date(2025, 12, 31), date(2026, 1, 1))] == list("abba")


def test_a_pack_that_is_not_there_names_those_that_are() -> None:
    assert pack_named("2009.1") is PACK
    with pytest.raises(UnknownPack, match=r"2010\.7.*2009\.1"):
        pack_named("2010.7")


# Rules on trial


def shadowed(*ids: str) -> Verdict:
    """The verdict on a breach of 21(1) under a pack in which these rules only look on."""
    trial = pack("s", valid_from=IN_FORCE, valid_to=None, rules=RULES, shadow=frozenset(ids))
    return judge_event(event(reported()), (trial,))


def test_a_shadow_rule_finds_and_does_not_count() -> None:
    verdict = shadowed("21.1.new_works")
    assert verdict.outcome is Outcome.NOT_APPLICABLE
    assert [(each.rule_id, each.outcome, each.shadow) for each in verdict.findings] == [
        ("scope.kind", Outcome.NOT_APPLICABLE, False),
        ("21.1.new_works", Outcome.BREACH, True),
    ]
    counted = effective(fold([event(reported())]), verdict)  # type: ignore[list-item]
    assert (counted.outcome, counted.clauses, counted.article39) == (Outcome.NOT_APPLICABLE, (), ())


def test_a_shadow_rule_beside_one_that_counts_leaves_its_outcome_alone() -> None:
    stricter = replace(BY_ID["21.1.new_works"], id="21.1.on_trial", clause="21(3)", item=1, decide=always_breach)
    both = pack("s", valid_from=IN_FORCE, valid_to=None, rules=(*RULES, stricter), shadow=frozenset({"21.1.on_trial"}))
    raw = reported(incident(facts={"distance_m": 31}))
    verdict = judge_event(event(raw), (both,))
    assert verdict.outcome is Outcome.NO_BREACH
    assert [(each.outcome, each.shadow) for each in verdict.findings] == [
        (Outcome.NO_BREACH, False),
        (Outcome.NO_BREACH, False),
        (Outcome.BREACH, True),
    ]
    assert not counts_as_breach(fold([event(raw)]), verdict)  # type: ignore[list-item]
    breached = judge_event(event(reported()), (both,))
    counted = effective(fold([event(reported())]), breached)  # type: ignore[list-item]
    assert (breached.outcome, counted.clauses, counted.article39) == (Outcome.BREACH, ("21(1)",), ())


def test_a_finding_that_counts_says_nothing_of_shadows() -> None:
    assert b"shadow" not in msgspec.json.encode(shadowed().findings)
    marked = msgspec.json.encode(shadowed("21.1.new_works").findings)
    assert marked.count(b'"shadow":true') == 1
    assert msgspec.json.decode(marked, type=tuple[Finding, ...])[1].shadow


def test_a_pack_refuses_a_shadow_it_has_no_rule_for() -> None:
    with pytest.raises(ValueError, match=r"21\.9\.none"):
        shadowed("21.9.none")


def test_a_day_is_cut_in_vietnam() -> None:
    assert day_of(datetime(2025, 12, 31, 17, 0, tzinfo=UTC)) == date(2026, 1, 1)
    assert day_of(datetime(2025, 12, 31, 16, 59, tzinfo=UTC)) == date(2025, 12, 31)


# Sentences


def test_numbers_are_written_as_each_language_writes_them() -> None:
    explanation = alone(kind="hazard_site", facts={"distance_m": 1234.5}).findings[0].explanation
    assert "1.234,5 m" in explanation.vi
    assert "1,234.5 m" in explanation.en


def test_a_verdict_does_not_share_its_facts_with_another() -> None:
    raw = json.dumps(reported()).encode()
    given, other = judge_event(decode(raw)), judge_event(decode(raw))
    assert given == other
    assert given.findings[0].facts is not other.findings[0].facts
