"""The broker dies under load and comes back: nothing lost, nothing doubled, and the workers say what they wait for."""

from pathlib import Path

from tests.support.exact import settled
from tests.support.kafka import Broker, fresh_topics
from tests.support.publishing import publish
from tests.support.traffic import traffic
from tests.support.workers import fleet, wait_until


def test_the_broker_killed_and_restarted(own_broker: Broker, database_url: str, tmp_path: Path) -> None:
    fresh_topics(own_broker.bootstrap)
    before, after = traffic(1500, seed=41), traffic(200, seed=42)
    with fleet(tmp_path, own_broker.bootstrap, database_url, MOCGIOI_BATCH="20") as workers:
        classify, record = workers.start("classify"), workers.start("record")
        classify.wait_ready()
        record.wait_ready()
        publish(own_broker.bootstrap, before.sent)
        wait_until(lambda: record.metric("border_events_total", disposition="recorded") > 50, "under way")
        own_broker.kill()
        for stage, worker in (("classify", classify), ("record", record)):
            worker.wait_for(
                lambda w=worker, s=stage: w.ready() == (503, w.ready()[1]) and w.ready()[1][s]["waiting"] == "broker", "waiting"
            )
            assert worker.metric("border_waiting", part="broker") == 1
            assert worker.logged("waiting")[-1]["part"] == "broker"
            assert worker.page("/healthz")[0] == 200
        own_broker.start()
        settled(database_url, before, workers)
        publish(own_broker.bootstrap, after.sent)
        settled(database_url, before.and_then(after), workers)
        for worker in (classify, record):
            worker.wait_for(lambda w=worker: w.ready()[0] == 200, "ready again")
            assert worker.metric("border_waiting", part="broker") == 0


def test_a_stop_while_the_broker_is_away_takes_no_more_than_ten_seconds(own_broker: Broker, database_url: str, tmp_path: Path) -> None:
    fresh_topics(own_broker.bootstrap)
    sent = traffic(600, seed=43)
    with fleet(tmp_path, own_broker.bootstrap, database_url, MOCGIOI_BATCH="20") as workers:
        classify, record = workers.start("classify"), workers.start("record")
        classify.wait_ready()
        record.wait_ready()
        publish(own_broker.bootstrap, sent.sent)
        wait_until(lambda: record.metric("border_events_total", disposition="recorded") > 0, "under way")
        own_broker.kill()
        assert [classify.terminate(), record.terminate()] == [0, 0]
        early = workers.start("all")
        early.wait_for(lambda: early.ready()[1]["classify"]["waiting"] == "broker", "waiting")
        assert early.page("/healthz")[0] == 200
        assert early.terminate() == 0
        late = workers.start("all")
        late.wait_for(lambda: late.ready()[1]["classify"]["waiting"] == "broker", "waiting")
        own_broker.start()
        settled(database_url, sent, workers)
        assert late.terminate() == 0
