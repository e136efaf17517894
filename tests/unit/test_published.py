"""The published incidents that ship with the program: whole, traceable, and judged as the table beside this test says.

How they were written down (sides, dates, what is one incident) is told in `mocgioi/data/README.md`.
"""

import csv
import json
import re
from collections import Counter
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from agreement.incident import fold
from agreement.judge import judge, judge_event
from agreement.packs import day_of, in_force
from border import markers, places
from schemas.codebook import Kind, Outcome, Side, Status
from schemas.events import Reported
from schemas.incidents import GatePlace, MarkerPlace
from schemas.validation import decode

LINES = resources.files("mocgioi").joinpath("data/published.jsonl").read_bytes().splitlines()
RAW: list[dict[str, Any]] = [json.loads(line) for line in LINES]
OUTCOMES = Path(__file__).with_name("published_outcomes.csv")
CAO_BANG_REPORT = "004_58028bb8831100cf.txt"
EVIDENCE = re.compile(r"https?://[^\s/]+/\S+|00[0-4]_[0-9a-f]{16}\.txt")
ROWS = {int(found[1]) for event in RAW if (found := re.match(r"pub-(\d{3})-", event["id"]))}


def events() -> Iterator[Reported]:
    """Every published event, validated as every other event is."""
    for line in LINES:
        event = decode(line)
        assert isinstance(event, Reported)
        yield event


def of(source: str) -> dict[str, Reported]:
    """What one source reported, by id."""
    return {event.id: event for event, raw in zip(events(), RAW, strict=True) if raw["evidence"] == source}


def expected() -> dict[str, Outcome]:
    with OUTCOMES.open(encoding="utf-8", newline="") as file:
        return {row["subject"]: Outcome(row["outcome"]) for row in csv.DictReader(file)}


def test_every_line_passes_validation() -> None:
    assert len(list(events())) == len(LINES) >= 35


def test_at_least_thirty_five_incidents_count() -> None:
    assert sum(event.data.status is Status.ACTUAL for event in events()) >= 35


def test_ids_and_subjects_are_used_once_and_belong_together() -> None:
    assert len({event.id for event in events()}) == len({event.subject for event in events()}) == len(LINES)
    assert all(event.subject == f"inc-{event.id}" for event in events())


def test_each_source_counts_from_one_without_a_gap_and_its_clock_never_goes_back() -> None:
    numbers: Counter[str] = Counter()
    last: dict[str, Any] = {}
    for event in events():
        numbers[event.source] += 1
        assert event.number == numbers[event.source]
        assert last.get(event.source, event.time) <= event.time
        last[event.source] = event.time


def test_every_event_names_a_publication_or_a_report() -> None:
    assert [event["id"] for event in RAW if not EVIDENCE.fullmatch(event["evidence"])] == []


def test_the_rows_of_the_published_tables_are_there_but_talks_and_totals_are_not() -> None:
    assert {2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 13, 15, 18, 19, 20, 24, 25, 26, 29, 38, 42, 49, 50, 56, 59, 63, 64} <= ROWS
    assert ROWS.isdisjoint({1, 43, 44, 45, 46, 47, 51, 52, 65})


def test_the_markers_printed_are_the_markers_recorded() -> None:
    canonical = {
        item.canonical
        for event in events()
        if isinstance(event.data.place, MarkerPlace)
        for item in markers.parse(event.data.place.marker).items
    }
    assert canonical == {
        "615", "821", "556/1-556/2", "560-561", "836(2)", "834/1-835", "853-854", "1088/2-1089",
        "217+367m-217+427m", "449-486", "1028/2-1032", "585",
        "745", "746", "753", "545", "553", "803-804", "677", "1106", "1023", "1363(2)-500m", "1369+300m",
    }  # fmt: skip


def test_the_province_of_a_marker_or_gate_is_the_one_its_table_knows() -> None:
    compared = 0
    for event in events():
        place, day = event.data.place, day_of(event.data.occurred.start)
        if isinstance(place, GatePlace):
            assert places.province_of_gate(place.gate, day) == place.province
            compared += 1
        elif isinstance(place, MarkerPlace) and place.line == "VN-CN":
            assert places.province_of_marker(markers.parse(place.marker).items, day) == place.province, event.id
            compared += 1
    assert compared >= 20


def test_a_draft_prints_no_year_and_says_so() -> None:
    drafts = [event for event in events() if event.data.status is Status.DRAFT]
    assert len(drafts) == 7
    for event in drafts:
        assert event.data.text is not None
        assert "không in" in event.data.text
        assert not re.search(r"\b(19|20)\d\d\b", event.data.text)
        assert (event.data.occurred.start.year, event.data.occurred.precision) == (2010, "year")
        assert event.data.occurred.end is not None


def test_nothing_before_the_agreement_but_the_drafts_open_start() -> None:
    assert all(event.data.occurred.start.year >= 2013 for event in events() if event.data.status is Status.ACTUAL)


def test_what_private_persons_did_is_no_act_of_a_side() -> None:
    private = {Kind.CROSSING, Kind.SMUGGLING, Kind.DRUGS, Kind.TRAFFICKING}
    assert {event.data.side for event in events() if event.data.kind in private} == {Side.UNDETERMINED}


def test_the_texts_hold_no_ages_code_names_or_boat_registrations() -> None:
    forbidden = re.compile(r"\b(sn|sinh năm|tuổi|chuyên án)\b|\b[A-Z]{2}\d{2,}\b|QNg", re.IGNORECASE)
    assert [event["id"] for event in RAW if forbidden.search(event["data"]["text"])] == []


@pytest.mark.parametrize(
    ("event_id", "kind", "facts"),
    [
        ("pub-002-615", Kind.MARKER_UPKEEP, {}),
        ("pub-003-821", Kind.WORKS_NOTICE, {}),
        ("pub-005-hang-rao", Kind.WORKS, {"structure": "hàng rào khống chế, ngăn chặn", "purpose": "fence"}),
        ("pub-s4-834", Kind.WORKS, {"structure": "hàng rào biên giới", "purpose": "fence"}),
        ("pub-004-836", Kind.WORKS, {"structure": "kè chống sạt lở đường biên giới", "purpose": "other"}),
        ("pub-006-853", Kind.WORKS, {"structure": "một số hạng mục công trình tại lối mở"}),
    ],
)
def test_the_cao_bang_report_is_recorded_with_what_it_prints(event_id: str, kind: Kind, facts: dict[str, str]) -> None:
    event = of(CAO_BANG_REPORT)[event_id]
    assert (event.data.kind, event.data.facts) == (kind, facts)


def test_each_incident_is_judged_as_the_table_says() -> None:
    assert {event.subject: judge_event(event).outcome for event in events()} == expected()


def test_an_incident_of_one_report_is_judged_as_that_report() -> None:
    whole = {event.subject: judge(fold([event]), in_force(day_of(event.data.occurred.start))) for event in events()}
    assert whole == {event.subject: judge_event(event) for event in events()}


def test_nothing_in_the_cao_bang_report_is_a_breach() -> None:
    verdicts = [judge_event(event) for event in of(CAO_BANG_REPORT).values()]
    assert len(verdicts) == 14
    assert all(finding.outcome is not Outcome.BREACH for verdict in verdicts for finding in verdict.findings)


@pytest.mark.parametrize("event_id", ["pub-005-hang-rao", "pub-008-giam-sat", "pub-s4-834"])
def test_a_fence_or_a_monitor_at_an_unknown_distance_is_exempt_under_21(event_id: str) -> None:
    verdict = judge_event(of(CAO_BANG_REPORT)[event_id])
    assert {(finding.clause, finding.outcome) for finding in verdict.findings} == {("21(1)", Outcome.EXEMPT), ("21(3)", Outcome.EXEMPT)}
    assert all("21(2)" in finding.explanation.vi for finding in verdict.findings)


@pytest.mark.parametrize(
    ("event_id", "unknown"),
    [
        ("pub-004-556", {"change", "permanent", "distance_m", "agreed"}),
        ("pub-004-560", {"change", "permanent", "distance_m", "agreed"}),
        ("pub-004-836", {"change", "permanent", "distance_m", "agreed"}),
        ("pub-006-853", {"change", "permanent", "distance_m", "purpose", "agreed"}),
    ],
)
def test_works_whose_facts_nobody_printed_ask_for_them(event_id: str, unknown: set[str]) -> None:
    verdict = judge_event(of(CAO_BANG_REPORT)[event_id])
    assert verdict.outcome is Outcome.NEEDS_FACTS
    assert set(verdict.findings[0].missing) == unknown


@pytest.mark.parametrize("event_id", ["pub-002-615", "pub-003-821", "pub-009-po-peo", "pub-005-khao-sat", "pub-008-duong-tuan-tra"])
def test_upkeep_notices_letters_and_surveys_are_recorded_and_no_rule_looks(event_id: str) -> None:
    verdict = judge_event(of(CAO_BANG_REPORT)[event_id])
    assert (verdict.outcome, [finding.rule_id for finding in verdict.findings]) == (Outcome.NOT_APPLICABLE, ["scope.kind"])


def test_a_forest_fire_not_known_to_have_spread_is_a_matter_of_item_13() -> None:
    verdicts = [judge_event(of(CAO_BANG_REPORT)[event_id]) for event_id in ("pub-007-bao-lac", "pub-007-trung-khanh")]
    assert [(finding.article39, finding.missing) for verdict in verdicts for finding in verdict.findings] == [(13, ("spread_across",))] * 2
