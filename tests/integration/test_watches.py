"""What the processes that record show of the record: the gauges, the probe, the recount, and the machine they run on."""

import asyncio
import os
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from socketserver import BaseRequestHandler, ThreadingTCPServer
from threading import Thread
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import Engine, text
from structlog.testing import capture_logs

from mocgioi.service import machine_watch
from mocgioi.service.machine_watch import MachineWatch
from mocgioi.service.post_watch import SILENT_S, silent_posts
from mocgioi.service.record_gauges import show
from mocgioi.service.record_watch import RecordWatch
from mocgioi.service.recount import RECOUNT, Recount, difference_of, until_night
from mocgioi.service.settings import Settings
from mocgioi.service.watches import watches
from schemas.probe import probe
from schemas.records import Recorded, Unavailable
from schemas.topics import DOOR
from schemas.verdicts import Origin
from sinks.metrics import CERTIFICATES, WATCHES, Metrics
from sinks.postgres.roles import WORKER
from sinks.query.completeness import Standing
from sinks.query.gauges import WakeConfig, record_gauges
from sinks.record.database import Database
from sinks.record.holding import unheld
from tests import builders
from tests.builders import HANOI, NOON
from tests.support.classified_batches import RECEIVED_MS, Log, dead_letter
from tests.support.debian import program
from tests.support.postgres import as_role
from tests.support.rows import one, rows

WAKE = WakeConfig(timedelta(hours=24), timedelta(days=7))
RECEIVED = datetime.fromtimestamp(RECEIVED_MS / 1000, UTC)
NOTHING = {("reports_last_run_ok",): 1.0}
"""What a process shows that has seen nothing."""
SHOT = {"kind": "shooting", "facts": {}}


def series(metrics: Metrics) -> dict[tuple[str, ...], float]:
    """Each series of the page that is not 0, by its name and the values of its labels."""
    families = text_string_to_metric_families(metrics.render().decode())
    samples = [sample for family in families for sample in family.samples if sample.name.startswith("border_") and sample.value]
    return {(sample.name.removeprefix("border_"), *sample.labels.values()): sample.value for sample in samples}


def shown(worker: Engine, now: datetime = NOON) -> dict[tuple[str, ...], float]:
    """What the gauges of a record show at a moment."""
    metrics = Metrics()
    show(record_gauges(worker, now, WAKE), metrics)
    return {name: value for name, value in series(metrics).items() if name not in NOTHING}


def test_promtool_finds_nothing_to_say_of_the_page_and_does_of_a_bad_name() -> None:
    metrics = Metrics()
    metrics.recorded(Recorded(ages_s=[0.5, 3, 1e9]))

    def check(page: bytes) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run([program("promtool"), "check", "metrics"], input=page, capture_output=True, check=False)

    done = check(metrics.render())
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert check(metrics.render().replace(b"border_batches_total", b"border_batches")).returncode != 0


def test_the_gauges_show_what_the_record_holds_and_not_how_often_it_changed(worker: Engine, database: Database, log: Log) -> None:
    assert shown(worker) == {}
    breach, withdrawn, exercise, shot, old_shot, imported, undecided, other = (
        builders.reported(builders.incident(**changes), **envelope)
        for changes, envelope in (
            ({}, {}),
            ({}, {}),
            ({"status": "exercise"}, {}),
            (SHOT, {}),
            (SHOT | {"known_at": (NOON - timedelta(days=8)).isoformat()}, {}),
            (SHOT, {"via": "import"}),
            ({"facts": {}}, {}),
            ({"kind": "other", "facts": {}, "text": "việc khác"}, {}),
        )
    )
    later = [builders.updated(breach["subject"], {"side": "VN"}), builders.retracted(withdrawn["subject"])]
    last_year = builders.reported(builders.incident(occurred={"start": "2024-12-31T23:59:00+07:00", "precision": "minute"}))
    events = [breach, withdrawn, exercise, shot, old_shot, imported, undecided, other, last_year, *later]
    database.record(log.batch(events, [dead_letter(b"{", offset=7), dead_letter(b"[", offset=8, origin=Origin(DOOR, 0, 8, RECEIVED_MS))]))
    database.record(log.batch([breach | {"data": builders.incident(side="VN")}]))
    received = RECEIVED.timestamp()
    assert shown(worker) == {
        ("breaches", "lang-son", "VN"): 1,
        ("unacknowledged", "flash"): 3,
        ("unacknowledged", "breach"): 2,
        ("unacknowledged", "needs_facts"): 1,
        ("flash_oldest_timestamp_seconds",): pytest.approx(received, abs=1),
        ("needs_facts",): 1,
        ("needs_facts_oldest_timestamp_seconds",): pytest.approx(received, abs=1),
        ("dead_letters_waiting",): 1,
        ("conflicts_waiting",): 1,
        ("other_ratio",): pytest.approx(1 / 6),
    }
    database.record(log.batch([builders.duty("acknowledged", shot["subject"])]))
    after = shown(worker)
    assert after["unacknowledged", "flash"] == 2
    assert ("flash_oldest_timestamp_seconds",) not in after, "what is imported, or was known long ago, wakes nobody"


def test_a_flash_incident_wakes_nobody_a_day_after_it_was_received(worker: Engine, database: Database, log: Log) -> None:
    database.record(log.batch([builders.reported(builders.incident(**SHOT))]))
    assert ("flash_oldest_timestamp_seconds",) in shown(worker, RECEIVED + timedelta(hours=23))
    late = shown(worker, RECEIVED + timedelta(hours=25))
    assert ("flash_oldest_timestamp_seconds",) not in late
    assert late["unacknowledged", "flash"] == 1


def notice(device: str, waiting: int | None, **changes: Any) -> dict[str, Any]:
    interval = {"start": (NOON - timedelta(days=1)).isoformat(), "end": NOON.isoformat()}
    data = {"status": "actual", "interval": interval, "incidents": 0, "crossings": 0} | ({} if waiting is None else {"waiting": waiting})
    return builders.envelope("post.reported", data, source=device, subject="tan-thanh", **changes)


def test_the_spools_of_a_post_hold_what_each_of_its_devices_said_last(worker: Engine, database: Database, log: Log) -> None:
    first, second = "/posts/tan-thanh/d1", "/posts/tan-thanh/d2"
    database.record(log.batch([notice(first, 40), notice(first, 3), notice(second, 5), notice("/posts/unknown/d1", 99)]))
    assert shown(worker) == {("spool_waiting", "tan-thanh"): 8}
    assert shown(worker, NOON + timedelta(days=40)) == {}


def test_a_probe_leaves_one_row_and_is_counted_nowhere(worker: Engine, database: Database, log: Log) -> None:
    sent = [NOON - timedelta(minutes=minutes) for minutes in (3, 1, 2)]
    assert database.record(log.batch([probe(sent[0])])) == Recorded(probes=1)
    report = builders.reported()
    recorded = database.record(log.batch([probe(sent[1]), report, probe(sent[2])]))
    assert (recorded.events.total(), recorded.duplicates.total(), recorded.probes) == (1, 0, 2)
    row = "SELECT source, sent_at, recorded_at FROM probe"
    ((source, sent_at, recorded_at),) = rows(worker, row)
    assert (source, sent_at) == ("/mocgioi/probe", sent[1])
    assert recorded_at == one(worker, "SELECT recorded_at FROM event")
    for redelivered in sent:
        assert database.record(log.batch([probe(redelivered)])) == Recorded(probes=1)
    assert rows(worker, row) == [(source, sent_at, recorded_at)], "what comes again moves nothing"
    for table in ("event", "verdict", "incident_state"):
        assert one(worker, f"SELECT count(*) FROM {table}") == 1
    after = shown(worker)
    assert after["probe_recorded_timestamp_seconds",] == pytest.approx(recorded_at.timestamp())
    assert after["probe_delay_seconds",] == pytest.approx((recorded_at - sent[1]).total_seconds())
    assert unheld(worker, [probe(NOON), builders.payload(report), builders.payload(builders.reported())]) == [2]


def test_the_recount_finds_a_state_that_was_changed_behind_the_programs_back(
    worker: Engine, engine: Engine, database: Database, log: Log
) -> None:
    breach, other, withdrawn = builders.reported(), builders.reported(), builders.reported()
    database.record(log.batch([breach, other, withdrawn, builders.retracted(withdrawn["subject"])]))
    database.record(log.batch([builders.updated(other["subject"], {"side": "VN"})]))
    assert (one(worker, "SELECT count(*) FROM incident WHERE outcome = 'breach' AND NOT retracted"), difference_of(worker, NOON)) == (2, 0)

    def tampered(assignment: str) -> int | None:
        with engine.begin() as connection:
            connection.execute(
                text(f"UPDATE incident_state SET {assignment} WHERE subject = :subject AND superseded_at IS NULL"),
                {"subject": other["subject"]},
            )
        return difference_of(worker, NOON)

    assert tampered("outcome = 'no_breach'") == 1
    assert tampered("outcome = 'breach', side = 'CN'") == 2, "one too many here, one too few there"
    assert tampered("side = 'VN', occurred_start = occurred_start - interval '2 years'") == 1
    assert difference_of(worker, NOON + timedelta(days=366)) == 0, "another year"


def test_every_watch_reads_what_it_shows_with_the_rights_of_a_worker(database_url: str, tmp_path: Path) -> None:
    metrics = Metrics()
    services = watches(Settings(home=tmp_path), as_role(database_url, WORKER), metrics, recount_after_s=0.0)

    async def live() -> None:
        for service in services:
            await service.start()
        try:
            async with asyncio.timeout(30):
                while watched(metrics) != set(WATCHES):
                    await asyncio.sleep(0.05)
        finally:
            for service in services:
                await service.stop()

    asyncio.run(live())
    assert ("recount_timestamp_seconds",) in series(metrics)


@pytest.mark.parametrize(("error", "warned"), [(RuntimeError("no right"), True), (Unavailable("database", "away"), False)])
def test_a_watch_that_fails_again_says_why_unless_the_worker_does(error: Exception, warned: bool) -> None:
    class Failing(RecordWatch):
        watch = "posts"
        looks = 0

        def look(self, engine: Engine) -> None:
            self.looks += 1
            raise error

    async def live() -> None:
        service = Failing("postgresql://nobody@127.0.0.1:1/none", metrics, every_s=0.01)
        await service.start()
        async with asyncio.timeout(20):
            while service.looks < 4:
                await asyncio.sleep(0.01)
        await service.stop()

    metrics = Metrics()
    with capture_logs() as logs:
        asyncio.run(live())
    levels = [line["log_level"] for line in logs if line["event"] == "watch_failed"]
    assert levels[:3] == ["debug", *["warning" if warned else "debug"] * 2]
    assert watched(metrics) == set()


def watched(metrics: Metrics) -> set[str]:
    """The watches that have read what they show."""
    return {labels[0] for name, *labels in series(metrics) if name == "watched_timestamp_seconds"}


def test_one_process_recounts_at_a_time(worker: Engine, engine: Engine, database_url: str) -> None:
    metrics = Metrics()
    recount = Recount(database_url, metrics, first_s=0.0)
    with engine.begin() as other:
        other.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": RECOUNT})
        assert difference_of(worker, NOON) is None
        metrics.set("border_recount_difference", 3)
        recount.look(worker)
        assert series(metrics) == NOTHING, "what it found last time is not said for ever"
    assert difference_of(worker, NOON) == 0
    recount.look(worker)
    assert series(metrics).keys() - NOTHING.keys() == {("recount_timestamp_seconds",)}


@pytest.mark.parametrize(("clock", "hours"), [("02:00", 1), ("03:00", 24), ("04:00", 23)])
def test_it_is_done_at_night_in_vietnam(clock: str, hours: int) -> None:
    assert until_night(datetime.fromisoformat(f"2026-11-27T{clock}:00").replace(tzinfo=HANOI)) == timedelta(hours=hours)


def test_a_post_is_silent_that_spoke_before_unless_nobody_expects_it_to() -> None:
    def device(source: str, hours: float | None, *, is_revoked: bool | None = False) -> Standing:
        return Standing(f"/posts/{source}", 1, 0, is_revoked, None if hours is None else NOON - timedelta(hours=hours), 0)

    devices = [
        device("silent/d1", 30),
        device("silent/d2", 27, is_revoked=True),
        device("speaks/d1", 300),
        device("speaks/d2", 2),
        device("closed/d1", 300, is_revoked=True),
        device("without-key/d1", 300, is_revoked=None),
        device("never-heard/d1", None),
    ]
    assert silent_posts(devices, NOON.timestamp()) == {"silent", "without-key"}
    assert silent_posts([device("edge/d1", SILENT_S / 3600)], NOON.timestamp()) == set()


def test_the_newest_backup_and_the_free_disk_are_seen(tmp_path: Path) -> None:
    assert machine_watch.newest_file(tmp_path) == machine_watch.newest_file(tmp_path / "none") == 0
    (tmp_path / "kafka").mkdir()
    for number, name in enumerate(("postgres.dump", "kafka/topics.tar")):
        (tmp_path / name).write_bytes(b"x")
        os.utime(tmp_path / name, (NOON.timestamp() + number,) * 2)
    assert machine_watch.newest_file(tmp_path) == NOON.timestamp() + 1
    assert 0 < machine_watch.disk_free(tmp_path / "not" / "made" / "yet") <= 1
    metrics = Metrics()
    MachineWatch(Settings(home=tmp_path / "home", backup_folder=tmp_path), metrics).look()
    seen = series(metrics)
    assert seen["backup_timestamp_seconds",] == NOON.timestamp() + 1
    assert 0 < seen["disk_free_ratio",] <= 1


@contextmanager
def tls_server(certificate: Path) -> Iterator[str]:
    """A server that shows a certificate and says nothing."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    class Server(ThreadingTCPServer):
        daemon_threads = True

        def get_request(self):
            plain, address = super().get_request()
            return context.wrap_socket(plain, server_side=True, do_handshake_on_connect=False), address

    class Handler(BaseRequestHandler):
        def handle(self) -> None:
            with suppress(ssl.SSLError):  # the other side finds it expired
                self.request.do_handshake()

    with Server(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"https://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def certificate(folder: Path, days: int) -> Path:
    """A certificate and its key in one file, that nobody but its owner vouches for."""
    openssl, key, request, file = program("openssl", "openssl"), folder / "key.pem", folder / "request.pem", folder / f"{days}.pem"
    curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=cua.example"]
    subprocess.run([openssl, "req", "-new", *curve, "-keyout", key, "-out", request], check=True, capture_output=True)
    subprocess.run(
        [openssl, "x509", "-req", "-in", request, "-signkey", key, "-days", str(days), "-out", file], check=True, capture_output=True
    )
    file.write_bytes(file.read_bytes() + key.read_bytes())
    return file


def test_the_end_of_a_certificate_is_seen_though_nobody_vouches_for_it(tmp_path: Path) -> None:
    file = certificate(tmp_path, 30)
    ends = pytest.approx((datetime.now(UTC) + timedelta(days=30)).timestamp(), abs=120)
    metrics = Metrics()
    with tls_server(file) as url:
        watch = MachineWatch(Settings(home=tmp_path, public_url=url, kafka_ca_file=file), metrics)
        watch.look()
    watch.look()  # nobody answers now, and what was seen stays
    for name in CERTIFICATES:
        assert series(metrics)["certificate_expiry_timestamp_seconds", name] == ends


def test_a_certificate_that_is_over_has_ended_long_ago(tmp_path: Path) -> None:
    with tls_server(certificate(tmp_path, 0)) as url:
        assert 0 < machine_watch.served_until(url) < 86_400
