"""What is only published in a report: apart from what was counted, beside the year before, traced to its document, and in every format."""

import json
from pathlib import Path

from sqlalchemy import Engine

from agreement.periods import Period, Regime
from reports.baselines.store import load
from reports.build import build
from reports.documents import FORMATS, render
from reports.model import Report
from reports.trace import traced
from reports.units import unit_named
from sinks.postgres.clock import as_of_now
from sinks.record.database import Database
from tests import builders
from tests.support.classified_batches import Log
from texts.table.crossfoot import crossfoot

PUBLISHED = """unit,period,regime,figure,value,source,page
lang-son,2019,,delegations.out,53,Bài đối ngoại 2019,2
lang-son,2019,,delegations.out.persons,505,Bài đối ngoại 2019,2
lang-son,2019,,trade.export,2550,Bài đối ngoại 2019,3
lang-son,2019,,plan.trade.export,81,Bài đối ngoại 2019,3
lang-son,2018,,delegations.out,48,Bài đối ngoại 2018,
lang-son,2018,,trade.export,3000,Bài đối ngoại 2018,
cao-bang,2019,,delegations.out,9,Báo cáo Cao Bằng,
"""
SPAN = Period.parse("2019", Regime.CALENDAR)
SENTENCE = (
    "Số liệu đã công bố của năm 2019 gồm đoàn ra: 53 đoàn/505 lượt người, tăng 05 đoàn so với cùng kỳ năm 2018; "
    "kim ngạch xuất khẩu: 2.550 triệu USD, đạt 81% kế hoạch, giảm 15,0% so với cùng kỳ năm 2018"
)


def report_of(engine: Engine) -> Report:
    return build(engine, unit_named("lang-son"), SPAN, as_of_now(engine))


def test_what_is_published_is_printed_apart_and_traced(engine: Engine, database: Database, log: Log, tmp_path: Path) -> None:
    then = builders.incident(occurred={"start": "2018-06-01T10:00:00+07:00", "precision": "minute"})
    database.record(log.batch([builders.reported(then)]))
    before = report_of(engine)
    load(engine, PUBLISHED.encode())
    report = report_of(engine)
    assert [(total.figure, total.value, total.before) for total in report.published_only] == [
        ("delegations.out", 53, 48),
        ("delegations.out.persons", 505, None),
        ("trade.export", 2550, 3000),
        ("plan.trade.export", 81, None),
    ]
    assert (report.figures, report.comparisons, report.checks) == (before.figures, before.comparisons, before.checks), "nothing is mixed"
    assert report.data_sha256 == before.data_sha256
    assert report.sentences["published_only"] == SENTENCE
    assert "published_only" not in before.sentences

    page = render(report, "md").decode()
    for shown in (SENTENCE, "SỐ LIỆU ĐÃ CÔNG BỐ", "Bài đối ngoại 2019, tr. 3", "Cùng kỳ: Bài đối ngoại 2018"):
        assert shown in page
    assert all(render(report, form) for form in FORMATS)
    as_json = tmp_path / "bao-cao.json"
    as_json.write_bytes(render(report, "json"))
    assert json.loads(as_json.read_text())["published_only"][0]["source"] == "Bài đối ngoại 2019, tr. 2"
    assert crossfoot(as_json).failing == ()

    now = as_of_now(engine)
    rows = list(traced(engine, "trade.export", unit_named("lang-son"), SPAN, now, least_shown=5))
    assert rows == [{"source": "Bài đối ngoại 2019, tr. 3", "n": 2550, "unit": "triệu USD"}]
    assert list(traced(engine, "consular.cases", unit_named("lang-son"), SPAN, now, least_shown=5)) == []


def test_a_report_whose_published_parts_somebody_changed_is_found_out(engine: Engine, tmp_path: Path) -> None:
    load(engine, (PUBLISHED + "lang-son,2019,,trade.import,2200,b,\nlang-son,2019,,trade.total,4750,b,\n").encode())
    document = json.loads(render(report_of(engine), "json"))
    next(total for total in document["published_only"] if total["figure"] == "trade.import")["value"] = 2300
    (tmp_path / "bao-cao.json").write_text(json.dumps(document))
    (wrong,) = crossfoot(tmp_path / "bao-cao.json").failing
    assert "2.550 + 2.300 = 4.850 ≠ 4.750" in wrong.message
