"""Published totals in the record: loaded whole or not at all, as known on T, withdrawn and kept."""

import threading
import time
from decimal import Decimal

import pytest
from sqlalchemy import Engine, text

from agreement.periods import Regime
from reports.baselines.file import BaselineRefused
from reports.baselines.store import LOCK, Baseline, Loaded, NoSuchBaseline, every, find, load, standing, withdraw
from sinks.postgres.clock import as_of_now
from tests.support.rows import one

HEADER = "unit,period,regime,figure,value,source,page\n"
S1 = 'lang-son,2018,,breach.total,4,"Bài ngày 20/01/2020",3\n'


def put(engine: Engine, *lines: str) -> Loaded:
    return load(engine, (HEADER + "".join(lines)).encode())


def known(engine: Engine) -> list[Baseline]:
    with engine.connect() as connection:
        return every(connection)


def test_a_total_is_found_again_with_its_source(engine: Engine) -> None:
    assert put(engine, S1) == Loaded(new=1, duplicate=0)
    (stored,) = known(engine)
    assert (stored.unit, stored.period, stored.regime, stored.figure, stored.value) == (
        "lang-son",
        "2018",
        None,
        "breach.total",
        Decimal(4),
    )
    assert (stored.source, stored.page, stored.withdrawn_at) == ("Bài ngày 20/01/2020", "3", None)


def test_the_same_file_again_is_nothing_new(engine: Engine) -> None:
    put(engine, S1)
    before = known(engine)
    assert put(engine, S1, S1, "lang-son,2018,nd09,breach.total,4,x,\n", "cao-bang,2018M6,,breach.total,1,x,\n") == Loaded(2, 2)
    assert put(engine, "cao-bang,2018H1,,breach.total,1,x,\n") == Loaded(0, 1)
    assert known(engine)[:1] == before


def test_of_a_file_that_contradicts_the_record_nothing_is_loaded(engine: Engine) -> None:
    put(engine, S1)
    with pytest.raises(BaselineRefused) as refused:
        put(engine, "cao-bang,2018,,breach.total,4,x,\n", "lang-son,2018,,breach.total,5,x,\n")
    (problem,) = refused.value.problems
    assert (problem.code, problem.line) == ("contradiction", 3)
    assert "“Bài ngày 20/01/2020”, tr. 3 (đã nạp " in problem.message
    with pytest.raises(BaselineRefused, match="= 5 > 4"):
        put(engine, "lang-son,2018,nd09,breach.CN,5,x,\n")
    assert len(known(engine)) == 1


def test_a_report_as_of_t_sees_what_stood_then(engine: Engine) -> None:
    nothing = as_of_now(engine)
    put(engine, S1)
    loaded = as_of_now(engine)
    withdraw(engine, "lang-son", "2018", "breach.total", None, "nhầm đơn vị")
    withdrawn = as_of_now(engine)
    put(engine, "lang-son,2018,,breach.total,5,x,\n")
    again = as_of_now(engine)
    with engine.connect() as connection:
        seen = [[int(total.value) for total in standing(connection, as_of=moment)] for moment in (nothing, loaded, withdrawn, again)]
        kept = [(int(total.value), total.withdrawn_reason) for total in every(connection, withdrawn=True)]
    assert seen == [[], [4], [], [5]]
    assert kept == [(4, "nhầm đơn vị"), (5, None)]


def test_a_total_is_stamped_behind_every_moment_a_report_was_made_for(engine: Engine) -> None:
    put(engine, S1)
    began, moments = threading.Event(), []
    with engine.begin() as other:
        other.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})

        def late() -> None:
            began.set()
            put(engine, "cao-bang,2018,,breach.total,4,x,\n")

        loading = threading.Thread(target=late)
        loading.start()
        began.wait()
        while not one(
            engine,
            "SELECT count(*) FROM pg_locks WHERE NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
        ):
            time.sleep(0.01)
        moments.append(as_of_now(engine))
    loading.join()
    with engine.connect() as connection:
        assert [total.unit for total in standing(connection, as_of=moments[0])] == ["lang-son"]


def test_two_people_loading_at_once_cannot_contradict_one_another(engine: Engine) -> None:
    ended: list[str] = []

    def attempt(value: int) -> None:
        try:
            put(engine, f"lang-son,2018,,breach.total,{value},x,\n")
            ended.append("loaded")
        except BaselineRefused:
            ended.append("refused")

    threads = [threading.Thread(target=attempt, args=(value,)) for value in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ended) == ["loaded", "refused", "refused", "refused"]


def test_a_total_of_the_very_regime_speaks_before_one_for_any(engine: Engine) -> None:
    put(engine, S1, "lang-son,2018,nd09,breach.total,4,khác,\n", "lang-son,2018M6,calendar,breach.CN,2,x,\n")
    totals = known(engine)

    def source(period: str, regime: Regime, figure: str, unit: str = "lang-son") -> str | None:
        found = find(totals, unit, period, regime, figure)
        return found and found.source

    assert source("2018", Regime.ND09, "breach.total") == "khác"
    assert source("2018", Regime.CALENDAR, "breach.total") == "Bài ngày 20/01/2020"
    assert source("2018H1", Regime.CALENDAR, "breach.CN") == "x"
    assert source("2018H1", Regime.ND09, "breach.CN") is None
    assert source("2017", Regime.ND09, "breach.total") is None
    assert source("2018", Regime.ND09, "breach.total", "cao-bang") is None


def test_only_what_stands_is_withdrawn(engine: Engine) -> None:
    put(engine, "lang-son,2018,nd09,breach.total,4,x,\n")
    with pytest.raises(NoSuchBaseline, match="nd09"):
        withdraw(engine, "lang-son", "2018", "breach.total", None, "sai")
    taken = withdraw(engine, "lang-son", "2018", "breach.total", Regime.ND09, "sai")
    assert (taken.value, taken.withdrawn_reason) == (4, "sai")
    assert taken.withdrawn_at is not None
    assert taken.withdrawn_at > taken.loaded_at
    with pytest.raises(NoSuchBaseline):
        withdraw(engine, "lang-son", "2018", "breach.total", Regime.ND09, "sai")
