"""A record written by the version before states had a validity is migrated, and answers as it did.

`data/record_0003.sql` is the record, at revision 0003, and `data/answers_0003.jsonl` what the program of commit 79882b9 answered from it. Both
were made by that program itself: a script recorded a year's events through its `classify_record` and `Database.record`, in a database whose
`clock_timestamp()` was the story's clock, and asked the questions through its commands. The year has: reports of each outcome, at markers,
gates, areas and at sea; an update and corrections of a count that arrived before what they are about; facts withdrawn, retractions,
assessments and facts after them; an exercise that was none; a rejudging by a pack that held for a month, with a rule on trial; a judging that
crashed; duplicates, conflicts by id and by sequence, dead letters; baselines, one withdrawn; an issued report (its .docx and .xlsx left out).
The program's own rebuild found nothing to repair in it. Of its reports what they counted is kept: they print it otherwise since.
"""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner

from mocgioi.cli import app
from sinks.postgres.engine import connect
from sinks.postgres.upgrade import upgrade
from sinks.query.incidents import incident_shown
from sinks.record.database import Database
from sinks.record.rebuild import rebuild
from tests import builders
from tests.support.classified_batches import Log
from tests.support.issuing import act
from tests.support.postgres import Databases
from tests.support.rows import contents, rows

DATA = Path(__file__).with_name("data")
ANSWERS: list[dict[str, Any]] = [json.loads(line) for line in (DATA / "answers_0003.jsonl").read_text().splitlines()]
*QUESTIONS, ISSUED_AGAIN = ANSWERS
LAST_STAMP = datetime.fromisoformat("2020-01-01T00:00:00+07:00")
"""Behind all that the record holds."""
HUU_NGHI = "SELECT n, what, stated_id FROM {} WHERE gate = 'huu-nghi' ORDER BY position"
CORRECTION = {
    "status": "actual",
    "gate": "huu-nghi",
    "interval": {"start": "2019-06-04T00:00:00+07:00", "end": "2019-06-05T00:00:00+07:00"},
    "direction": "VN-CN",
    "counts": [{"what": "persons", "n": 1031}],
    "reason": "đối chiếu với phía bạn",
}
COMPUTED = ("incident_state", "crossing_state")
_BOM = "\ufeff"
"""What a CSV of today begins with, for Excel."""
_PROGRAM = re.compile(r'("program": "|chương trình: )[0-9][^";]*')


@contextmanager
def migrated_record(databases: Databases) -> Iterator[str]:
    """The URL of a database that the record was in before it was upgraded."""
    url = databases.empty()
    upgrade(url, "0003")
    with psycopg.connect(url) as connection:
        connection.execute((DATA / "record_0003.sql").read_bytes())
    upgrade(url)
    yield url
    databases.drop(url)


@pytest.fixture(scope="module")
def read_only(databases: Databases) -> Iterator[str]:
    """One that all questions share."""
    with migrated_record(databases) as url:
        yield url


@pytest.fixture
def migrated_url(databases: Databases) -> Iterator[str]:
    """One of the test's own."""
    with migrated_record(databases) as url:
        yield url


@pytest.fixture
def migrated(migrated_url: str) -> Iterator[Engine]:
    """An engine on it."""
    engine = connect(migrated_url)
    yield engine
    engine.dispose()


def ask(url: str, *arguments: str) -> str:
    done = CliRunner(env={"MOCGIOI_DATABASE_URL": url}).invoke(app, arguments)
    assert done.exit_code == 0, done.output
    return done.stdout


def shown(engine: Engine, subject: str, *, as_of: datetime | None = None) -> dict[str, Any]:
    incident = incident_shown(engine, subject, as_of=as_of)
    assert incident is not None
    return incident


def agree(before: Any, now: Any) -> bool:
    """Whether a document says all it said before; since then it may say more, and list the events of a version in another order."""
    if isinstance(before, dict):
        return all(name in now and agree(value, now[name]) for name, value in before.items())
    if isinstance(before, list):
        return len(before) == len(now) and all(agree(*pair) for pair in zip(before, now, strict=True))
    return bool(before == now)


def sorted_versions(document: Any) -> Any:
    if isinstance(document, dict) and "folded" in document:
        for version in document["versions"]:
            version["events"].sort(key=lambda event: (event["source"], event["id"]))
    return document


def counted(report: dict[str, Any]) -> dict[str, Any]:
    """What a report counts and compares. What it says of silence is another matter since: a 0 may have no value, and then no comparison."""
    figures = {figure["id"]: (figure["value"] or 0, figure["subjects"]) for figure in report["figures"]}
    before = {one["figure"]: (one["before"], one["source"]) for one in report["comparisons"] if one["before"]}
    posts = ("posts.whole.", "posts.part.")
    return {
        "figures": {name: figure for name, figure in figures.items() if not name.startswith(posts)},
        "before": {name: value for name, value in before.items() if figures[name][0]},
        **{name: report[name] for name in ("rows", "months", "mapping", "rule_packs")},
    }


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: " ".join(question["asked"]))
def test_the_answer_is_what_the_version_before_gave(read_only: str, question: dict[str, Any]) -> None:
    answer = ask(read_only, *question["asked"])
    if "report" in question:
        assert counted(question["report"]) == counted(json.loads(answer))
    elif "text" in question:
        assert _PROGRAM.sub(r"\1", answer.removeprefix(_BOM)) == _PROGRAM.sub(r"\1", question["text"])
    else:
        before, now = sorted_versions(question["document"]), sorted_versions(json.loads(answer))
        assert agree(before, now), now


def test_the_next_version_of_an_issued_report_says_what_moved(migrated_url: str) -> None:
    before, now = ISSUED_AGAIN["document"], json.loads(ask(migrated_url, *ISSUED_AGAIN["asked"], *act(1)))
    assert [move for move in now["moved"] if not move["figure"].startswith("posts.")] == before["moved"]
    assert {name: now[name] for name in ("version", "new", "as_of")} == {name: before[name] for name in ("version", "new", "as_of")}


def test_migrating_again_changes_no_row(migrated: Engine, migrated_url: str) -> None:
    before = contents(migrated, *COMPUTED)
    upgrade(migrated_url)
    assert contents(migrated, *COMPUTED) == before


def test_findings_that_a_verdict_has_are_not_kept_again(migrated: Engine) -> None:
    of_one_event = rows(migrated, "SELECT subject FROM incident_state WHERE version = 1 AND cardinality(events) = 1 ORDER BY subject")
    assert rows(migrated, "SELECT subject FROM incident_state WHERE findings IS NULL ORDER BY subject") == of_one_event
    assert len(of_one_event) > 10


def test_new_events_continue_what_was_migrated(migrated: Engine) -> None:
    before = {subject: shown(migrated, subject) for subject in ("inc-hang-rao", "inc-nha-kho", "vu chua bao")}
    counted = rows(migrated, HUU_NGHI.format("crossing"))
    recorded = rows(migrated, "SELECT body FROM event WHERE id = 'tan-thanh-d1-0008'")[0].body
    corrects = {"source": recorded["source"], "id": recorded["id"]}
    now = {"time": builders.NOON.isoformat()}
    events = [
        builders.updated("inc-hang-rao", {"facts": {"distance_m": 9}}, **now, source="/posts/bao-lam/d1", sequence="101"),
        builders.updated("inc-nha-kho", {"facts": {"distance_m": 25}}, **now, source="/posts/chi-ma/d1", sequence="101"),
        builders.reported(subject="vu chua bao", **now, source="/posts/chi-ma/d1", sequence="100"),
        builders.envelope("crossing.corrected", {**CORRECTION, "corrects": corrects}, subject="huu-nghi", sequence="101"),
    ]
    database = Database(migrated)
    database.record(Log(database).batch(events))

    after = {subject: shown(migrated, subject) for subject in before}
    for subject, incident in after.items():
        assert incident["version"] == before[subject]["version"] + 1
        assert incident["versions"][1:] == before[subject]["versions"]
        assert shown(migrated, subject, as_of=LAST_STAMP) == before[subject]
    assert [incident["outcome"] for incident in after.values()] == ["exempt", "breach", "breach"]
    assert [int(row.n) for row in rows(migrated, HUU_NGHI.format("crossing"))] == [1031]
    assert rows(migrated, HUU_NGHI.format("crossing_as_of(:moment)"), moment=LAST_STAMP) == counted
    done = rebuild(migrated)
    assert (done.states_repaired, done.states_appended) == (0, 0)


def test_a_rebuild_finds_nothing_to_repair_and_changes_no_row(migrated: Engine) -> None:
    before = contents(migrated, *COMPUTED)
    done = rebuild(migrated)
    assert (done.states_repaired, done.states_appended) == (0, 0)
    assert contents(migrated, *COMPUTED) == before
