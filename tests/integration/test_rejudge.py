"""Judging the history again: what would change is shown first, the new is appended, the old stays."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner

from agreement import packs
from agreement.judge import JUDGE_VERSION, RuleCrash
from agreement.packs import IN_FORCE, PACKS, Pack, pack
from agreement.rules.rule import Known
from agreement.rules.table import RULES
from mocgioi.cli import app
from schemas.codebook import Outcome
from sinks.postgres.clock import as_of_now
from sinks.query.incidents import incident_shown, incidents
from sinks.record.database import Database
from sinks.record.rebuild import rebuild
from sinks.record.rejudge import rejudge, under, under_both
from tests import builders
from tests.support.classified_batches import Log
from tests.support.packs import WIDER
from tests.support.rows import contents, one, rows

TABLES = ("event", "verdict", "incident_state", "rejudging", "rejudged_version")
STATES = "SELECT subject, version, outcome FROM incident_state"


@pytest.fixture
def wider(monkeypatch: pytest.MonkeyPatch) -> Pack:
    """A second pack that replaces the first, as a release would bring it."""
    monkeypatch.setattr(packs, "PACKS", (*PACKS, WIDER))
    return WIDER


@pytest.fixture
def history(log: Log, worker: Engine) -> dict[str, str]:
    """A house at 18 m, one at 35 m that was first reported at 60 m, a fence, one retracted, a gate count, and an update without a report."""
    house = builders.incident()
    far = builders.reported(builders.incident(facts=house["facts"] | {"distance_m": 60}))
    old = builders.reported(
        builders.incident(facts=house["facts"] | {"distance_m": 40}, occurred={"start": "2019-12-20T09:00:00+07:00", "precision": "hour"})
    )
    near = builders.reported()
    gone = builders.reported(builders.incident(facts=house["facts"] | {"distance_m": 45}))
    events = [
        *(near, far, old, gone, builders.crossing()),
        builders.reported(builders.incident(facts={"purpose": "fence"})),
        builders.updated(far["subject"], {"facts": {"distance_m": 35}}),
        builders.retracted(gone["subject"], time=(builders.NOON + timedelta(hours=4)).isoformat()),
        builders.updated("inc-unreported", {"side": "VN"}),
    ]
    Database(worker).record(log.batch(events))
    return {"near": near["subject"], "far": far["subject"], "old": old["subject"], "gone": gone["subject"]}


def outcomes(engine: Engine, as_of: datetime | None = None) -> dict[str, str]:
    return {row["incident"]: row["outcome"] for row in incidents(engine, as_of=as_of)}


def test_the_difference_names_events_incidents_and_figures_and_writes_nothing(
    history: dict[str, str], engine: Engine, worker: Engine
) -> None:
    before = contents(engine, *TABLES)
    difference = under_both(worker, PACKS[0], WIDER)
    assert contents(engine, *TABLES) == before
    assert {change.incident.subject for change in difference.incidents if change.before.outcome is not change.after.outcome} == {
        history["far"],
        history["old"],
        history["gone"],
    }
    changed = {change.subject for change in difference.events if change.before.outcome is not change.after.outcome}
    assert changed == {history["old"], history["gone"]}  # the report of the far one said 60 m: only the whole incident is nearer
    moves = {
        (move.figure.regime, move.figure.period, move.figure.unit, move.figure.id): (move.before, move.after) for move in difference.figures
    }
    assert moves["calendar", "2019", "lang-son", "breach.CN"] == (0, 1)
    assert moves["nd09", "2020", "all", "breach.total"] == (0, 1)
    assert moves["calendar", "2025-12", "lang-son", "breach.total"] == (1, 2)  # the retracted one never counts
    assert difference.incidents_judged == 6


def test_since_leaves_out_what_occurred_before(history: dict[str, str], worker: Engine) -> None:
    difference = under_both(worker, PACKS[0], WIDER, since=datetime.fromisoformat("2020-01-01T00:00:00+07:00"))
    assert history["old"] not in {change.incident.subject for change in difference.incidents}
    assert not [move for move in difference.figures if "2019" in move.figure.period]


def test_a_rejudging_appends_and_as_of_before_shows_the_old(history: dict[str, str], engine: Engine, worker: Engine, wider: Pack) -> None:
    before, recorded, then = outcomes(engine), contents(engine, "event", "verdict"), as_of_now(engine)
    before_states = rows(engine, STATES)
    done = rejudge(worker, wider, "giải thích lại dải 30 m")
    assert outcomes(engine, as_of=then) == before
    now = outcomes(engine)
    assert (before[history["far"]], now[history["far"]]) == ("no_breach", "breach")
    assert now[history["near"]] == "breach"
    after = contents(engine, "event", "verdict")
    states = [{(row.subject, row.version, row.outcome) for row in of_moment} for of_moment in (before_states, rows(engine, STATES))]
    assert states[0] < states[1]
    assert set(recorded["verdict"]) < set(after["verdict"])
    assert after["event"] == recorded["event"]
    assert (done.states, done.verdicts) == (6, 5)
    assert rows(engine, "SELECT rule_pack, judge_version, reason FROM rejudging") == [("2099.1", JUDGE_VERSION, "giải thích lại dải 30 m")]
    assert {pack_id for (pack_id,) in rows(engine, "SELECT rule_pack FROM incident")} == {"2099.1"}
    assert one(engine, "SELECT count(*) FROM incident_state WHERE recorded_at > (SELECT recorded_at FROM rejudging)") == 0
    shown = incident_shown(engine, history["far"])
    assert shown is not None
    assert [version.get("rejudged") for version in shown["versions"]] == ["giải thích lại dải 30 m", *[None] * (len(shown["versions"]) - 1)]


def test_a_rejudging_again_has_nothing_left_to_append(history: dict[str, str], engine: Engine, worker: Engine, wider: Pack) -> None:
    rejudge(worker, wider, "một")
    before = contents(engine, "verdict", "incident_state")
    done = rejudge(worker, wider, "hai")
    assert (done.states, done.verdicts) == (0, 0)
    assert contents(engine, "verdict", "incident_state") == before


def test_what_is_shown_before_is_what_is_appended(history: dict[str, str], engine: Engine, worker: Engine, wider: Pack) -> None:
    before = outcomes(engine)
    promised = {change.incident.subject: change.after.outcome for change in under(worker, wider).incidents}
    rejudge(worker, wider, "một")
    after = outcomes(engine)
    assert {subject: outcome for subject, outcome in after.items() if outcome != before[subject]} == {
        subject: outcome for subject, outcome in promised.items() if outcome != before[subject]
    }
    assert under(worker, wider).incidents == []


def test_later_events_are_judged_by_the_same_pack_and_a_rebuild_changes_nothing(
    history: dict[str, str], engine: Engine, worker: Engine, log: Log, wider: Pack
) -> None:
    rejudge(worker, wider, "một")
    Database(worker).record(log.batch([builders.updated(history["far"], {"facts": {"distance_m": 50}}, time="2025-12-29T08:00:00+07:00")]))
    assert outcomes(engine)[history["far"]] == "breach"
    before = contents(engine, "incident_state")
    done = rebuild(engine)
    assert (done.states_repaired, done.states_appended) == (0, 0)
    assert contents(engine, "incident_state") == before


def test_a_pack_speaks_only_of_days_it_is_in_force(
    history: dict[str, str], engine: Engine, worker: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = pack("2025.1", valid_from=datetime(2025, 1, 1).date(), valid_to=None, rules=WIDER.rules)  # noqa: DTZ001  # a day
    monkeypatch.setattr(packs, "PACKS", (*PACKS, late))
    rejudge(worker, late, "từ 2025")
    assert dict(rows(engine, "SELECT subject, rule_pack FROM incident"))[history["old"]] == "2009.1"
    assert outcomes(engine)[history["far"]] == "breach"


def test_a_rule_that_crashes_leaves_everything_as_it_was(
    history: dict[str, str], engine: Engine, worker: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(f: Known) -> Outcome:
        raise ZeroDivisionError

    from dataclasses import replace

    broken = pack(
        "broken", valid_from=IN_FORCE, valid_to=None, rules=tuple(replace(rule, decide=crash) for rule in RULES if rule.clause == "21(1)")
    )
    monkeypatch.setattr(packs, "PACKS", (*PACKS, broken))
    before = contents(engine, *TABLES)
    for attempt in (lambda: under(worker, broken), lambda: rejudge(worker, broken, "hỏng")):
        with pytest.raises(RuleCrash) as crashed:
            attempt()
        assert crashed.value.__notes__[0].startswith("vụ việc · incident inc-")
    assert contents(engine, *TABLES) == before


def test_recording_goes_on_beside_a_rejudging(history: dict[str, str], engine: Engine, worker: Engine, wider: Pack) -> None:
    log = Log(Database(worker))
    batches = [
        log.batch(
            [
                builders.reported(),
                builders.updated(history["far"], {"facts": {"distance_m": 30 + number}}, time=f"2025-12-29T08:{number:02d}:00Z"),
            ]
        )
        for number in range(20)
    ]
    with ThreadPoolExecutor(2) as both:
        recording = both.submit(lambda: [Database(worker).record(batch) for batch in batches])
        rejudging = both.submit(lambda: [rejudge(worker, wider, f"lần {number}") for number in range(4)])
        assert len(recording.result(timeout=60)) == 20
        assert len(rejudging.result(timeout=60)) == 4
    assert {pack_id for (pack_id,) in rows(engine, "SELECT rule_pack FROM incident")} == {"2099.1"}
    assert outcomes(engine)[history["far"]] == "breach"
    assert one(engine, "SELECT count(*) FROM incident_state") == one(engine, "SELECT sum(version) FROM incident")


# The commands


@pytest.fixture
def run(database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The command in this process, where the second pack is."""
    monkeypatch.setenv("MOCGIOI_DATABASE_URL", database_url)
    monkeypatch.setenv("MOCGIOI_HOME", str(tmp_path_factory.mktemp("home")))
    return lambda *arguments: CliRunner().invoke(app, list(arguments))


def test_rules_diff_prints_the_difference(history: dict[str, str], wider: Pack, run: Any) -> None:
    document = json.loads(run("rules", "diff", "2009.1", "2099.1", "--since", "2019-01-01", "--json").stdout)
    assert (document["old"], document["new"], document["since"]) == ("2009.1", "2099.1", "2019-01-01T00:00:00+07:00")
    assert document["judged"]["incidents"] == 5  # nobody said when the unreported one occurred
    changed = {row["incident"]: (row["before"]["outcome"], row["after"]["outcome"]) for row in document["incidents"]}
    assert changed[history["far"]] == ("no_breach", "breach")
    assert {"regime": "calendar", "period": "2019Q4", "unit": "all", "figure": "breach.total", "before": 0, "after": 1} in document[
        "figures"
    ]
    printed = run("rules", "diff", "2009.1", "2099.1").stdout
    assert history["far"] in printed
    assert "breach.total" in printed


def test_rejudge_shows_the_difference_and_records_only_with_yes(history: dict[str, str], engine: Engine, wider: Pack, run: Any) -> None:
    before = contents(engine, *TABLES)
    shown = run("rejudge", "--pack", "2099.1", "--reason", "một")
    assert shown.exit_code == 2
    assert history["far"] in shown.stdout
    assert "--yes" in shown.stderr
    assert contents(engine, *TABLES) == before
    done = run("rejudge", "--pack", "2099.1", "--reason", "một", "--yes")
    assert done.exit_code == 0
    assert "6 phiên bản" in done.stdout
    assert one(engine, "SELECT reason FROM rejudging") == "một"


def test_a_pack_that_a_later_one_replaced_rejudges_nothing(history: dict[str, str], wider: Pack, run: Any) -> None:
    refused = run("rejudge", "--pack", "2009.1", "--reason", "một", "--yes")
    assert refused.exit_code == 2
    assert "pack" in refused.stderr
    assert run("rejudge", "--pack", "2099.1", "--reason", "  ", "--yes").exit_code == 2
