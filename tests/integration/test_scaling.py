"""Workers come and go while events arrive: the group shares the work, and nothing is lost, doubled or out of order."""

import asyncio
import json
from pathlib import Path

from mocgioi.service.cluster import GROUPS
from schemas.topics import RESULTS, SOURCES, VERDICTS
from streams.kafka import Cluster
from streams.lag import lag
from tests.support.exact import settled
from tests.support.publishing import contents, publish, publishing
from tests.support.traffic import Traffic, traffic
from tests.support.workers import fleet


def behind(bootstrap: str) -> dict[str, int]:
    """What lag tools see of each stage."""
    cluster = Cluster(bootstrap=bootstrap)
    return {stage: asyncio.run(lag(cluster, group, SOURCES if stage == "classify" else RESULTS)) for stage, group in GROUPS.items()}


def verdicts_in_order(bootstrap: str, sent: Traffic) -> None:
    """Of each subject, verdicts lie in the topic in the order in which its events were sent; what came again is not looked at."""
    seen: dict[bytes, dict[str, None]] = {}
    for record in contents(bootstrap, VERDICTS):
        seen.setdefault(record.key, {}).setdefault(json.loads(record.value)["data"]["event"]["id"])
    given: dict[bytes, dict[str, None]] = {}
    for key, raw in sent.sent:
        if raw in sent.accepted.values():
            given.setdefault(key, {}).setdefault(json.loads(raw)["id"])
    assert any(len(ids) > 2 for ids in given.values())
    assert {key: list(ids) for key, ids in seen.items()} == {key: list(ids) for key, ids in given.items()}


def test_two_workers_of_each_kind_join_and_leave_under_load(fresh_topics: str, database_url: str, tmp_path: Path) -> None:
    sent = traffic(2500, seed=51)
    with fleet(tmp_path, fresh_topics, database_url, MOCGIOI_BATCH="100") as workers:
        first = [workers.start(stage) for stage in ("classify", "record")]
        for worker in first:
            worker.wait_ready()
        with publishing(fresh_topics, sent.sent, seconds=9):
            second = [workers.start(stage) for stage in ("classify", "record")]
            for before, other, half in zip(first, second, (18, 12), strict=True):
                before.wait_for(lambda o=before, t=other, h=half: o.assigned() == t.assigned() == h, "sharing the partitions")
            for worker in first:
                worker.ask_to_stop()
            assert [worker.wait(10.0) for worker in first] == [0, 0], "a clean stop under load"
            for other, whole in zip(second, (36, 24), strict=True):
                other.wait_for(lambda o=other, w=whole: o.assigned() == w, "all partitions")
            third = [workers.start(stage) for stage in ("classify", "record")]
            for worker in third:
                worker.wait_ready()
        settled(database_url, sent, workers)
        verdicts_in_order(fresh_topics, sent)
        idle = [*second, *third]
        for worker in idle:
            worker.ask_to_stop()
        assert [worker.wait(10.0) for worker in idle] == [0, 0, 0, 0], "a clean stop of idle workers"
        assert behind(fresh_topics) == {"classify": 0, "record": 0}


def test_both_stages_in_one_process_still_through_kafka(fresh_topics: str, database_url: str, tmp_path: Path) -> None:
    sent = traffic(400, seed=52)
    publish(fresh_topics, sent.sent)
    assert behind(fresh_topics) == {"classify": len(sent.sent), "record": 0}
    with fleet(tmp_path, fresh_topics, database_url) as workers:
        both = workers.start("all")
        both.wait_ready()
        settled(database_url, sent, workers)
        verdicts_in_order(fresh_topics, sent)
        assert set(both.ready()[1]) == {"ok", "classify", "record"}
        assert both.terminate() == 0
    assert behind(fresh_topics) == {"classify": 0, "record": 0}
