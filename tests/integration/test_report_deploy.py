"""The periodic job where it runs by itself: the Kubernetes file, the metric of the record worker."""

import asyncio
import re
from typing import Any

import pytest
import yaml
from sqlalchemy import Engine

from mocgioi.service.report_gauges import ReportWatch
from sinks.metrics import Metrics
from sinks.postgres.clock import as_of_now
from sinks.record.report_runs import remember_run
from tests.support import compose
from tests.support.postgres import Databases

ROOT = compose.ROOT
CRONJOB = ROOT / "deploy" / "k8s" / "report-cronjob.yaml"
SERVICE = compose.load()["services"]["reports"]
DOCUMENTS = {document["kind"]: document for document in yaml.safe_load_all(CRONJOB.read_text())}
JOB: dict[str, Any] = DOCUMENTS["CronJob"]["spec"]
POD = JOB["jobTemplate"]["spec"]["template"]["spec"]
(CONTAINER,) = POD["containers"]


def test_it_runs_once_every_night_of_vietnam_and_never_twice_at_a_time() -> None:
    assert (JOB["schedule"], JOB["timeZone"]) == ("0 2 * * *", "Asia/Ho_Chi_Minh")
    assert JOB["concurrencyPolicy"] == "Forbid"
    assert 3600 <= JOB["startingDeadlineSeconds"] < 20 * 3600
    assert JOB["jobTemplate"]["spec"]["activeDeadlineSeconds"] < 20 * 3600
    assert SERVICE["command"] == [*CONTAINER["args"], "--daily", "02:00"], "compose does the same at the same time"


def test_what_trying_again_cannot_mend_is_not_tried_again() -> None:
    spec = JOB["jobTemplate"]["spec"]
    ((rule),) = spec["podFailurePolicy"]["rules"]
    assert (rule["action"], rule["onExitCodes"]["containerName"]) == ("FailJob", CONTAINER["name"])
    assert rule["onExitCodes"]["values"] == [1, 2], "refused, or wrongly used; 3 is a database that is away"
    assert POD["restartPolicy"] == "Never"
    assert spec["backoffLimit"] >= 3


def test_it_has_the_memory_it_has_in_compose() -> None:
    assert POD["securityContext"]["fsGroup"] == POD["securityContext"]["runAsGroup"], "the volume is its own"
    assert CONTAINER["resources"]["limits"]["memory"] == "1Gi"
    assert SERVICE["mem_limit"] == "1g"


def test_it_writes_where_a_volume_is() -> None:
    variables = {variable["name"]: variable.get("value") for variable in CONTAINER["env"]}
    assert variables["MOCGIOI_REPORT_FOLDER"] == SERVICE["environment"]["MOCGIOI_REPORT_FOLDER"]
    mounts = {mount["name"]: mount["mountPath"] for mount in CONTAINER["volumeMounts"]}
    assert mounts == {"reports": variables["MOCGIOI_REPORT_FOLDER"], "tmp": "/tmp"}  # noqa: S108  # of the container
    assert {volume["name"] for volume in POD["volumes"]} == set(mounts)
    assert POD["volumes"][0]["persistentVolumeClaim"]["claimName"] == DOCUMENTS["PersistentVolumeClaim"]["metadata"]["name"]
    made = re.search(r"install --directory --owner=mocgioi --group=mocgioi (\S+)", compose.DOCKERFILE.read_text())
    assert made is not None, "a volume takes its owner from the folder of the image"
    assert made[1] == variables["MOCGIOI_REPORT_FOLDER"]


def gauges(metrics: Metrics) -> tuple[float, float, float]:
    page = metrics.render().decode()
    names = ("run_timestamp_seconds", "success_timestamp_seconds", "run_ok")
    found = [re.search(rf"^border_reports_last_{name} (\S+)$", page, re.MULTILINE) for name in names]
    last, succeeded, ok = (float(one[1]) for one in found if one)
    return last, succeeded, ok


async def watched(url: str, metrics: Metrics, wanted: float | None) -> None:
    """Let the worker's service look until the gauge of the last run is this, or for a while."""
    watch = ReportWatch(url, metrics, every_s=0.05)
    await watch.start()
    try:
        for _ in range(200 if wanted is not None else 20):
            if gauges(metrics)[0] == wanted:
                return
            await asyncio.sleep(0.05)
        assert wanted is None, gauges(metrics)
    finally:
        await watch.stop()


def test_the_record_worker_shows_how_the_job_fared(engine: Engine, database_url: str) -> None:
    metrics = Metrics()
    asyncio.run(watched(database_url, metrics, 0))
    assert gauges(metrics) == (0, 0, 1)
    for reason in (None, "lang-son 2026-01: 524 + 162 + 45 = 731 ≠ 583"):
        began = as_of_now(engine)
        remember_run(engine, started_at=began, built=1, reason=reason)
        with engine.connect() as connection:
            ended = connection.exec_driver_sql("SELECT max(extract(epoch FROM ended_at))::float8 FROM report_run").scalar_one()
        then = pytest.approx(ended, rel=0, abs=0.001)
        asyncio.run(watched(database_url, metrics, then))
        last, succeeded, ok = gauges(metrics)
        assert (last, ok) == (then, float(reason is None))
        assert (succeeded == then) == (reason is None)


@pytest.mark.parametrize("what", ["away", "not migrated"])
def test_a_record_that_cannot_be_asked_ends_no_worker(databases: Databases, what: str) -> None:
    url = databases.empty() if what == "not migrated" else "postgresql://post@127.0.0.1:1/record"
    metrics = Metrics()
    asyncio.run(watched(url, metrics, None))
    assert gauges(metrics) == (0, 0, 1)
    if what == "not migrated":
        databases.drop(url)
