"""`mocgioi report build|trace|issue|show|issued`, as a report writer runs it."""

from pathlib import Path
from typing import Any

import pytest

from tests import builders
from tests.support.commands import Command
from tests.support.issuing import act

YEAR = ("--regime", "nd09", "--period", "2019", "--unit", "lang-son")
S1 = (
    "Kết quả trong năm 2019 xảy ra 08 vụ vi phạm Hiệp định về quy chế quản lý biên giới (phía Trung Quốc vi phạm 07 vụ, "
    "Việt Nam vi phạm 01 vụ) tăng 04 vụ so với cùng kỳ năm 2018"
)


def breach(side: str, at: str = "2019-03-01T10:00:00+07:00") -> dict[str, Any]:
    return builders.reported(builders.incident(occurred={"start": at, "precision": "minute"}, side=side), time="2026-01-01T00:00:00+07:00")


@pytest.fixture
def told(command: Command, tmp_path: Path) -> Path:
    """Seven Chinese breaches and a Vietnamese one in 2019, in the record; four of 2018 were published."""
    events = tmp_path / "events.jsonl"
    events.write_bytes(b"".join(builders.payload(breach(side)) + b"\n" for side in ("CN",) * 7 + ("VN",)))
    baseline = tmp_path / "published.csv"
    baseline.write_text(
        'unit,period,regime,figure,value,source\nlang-son,2018,,breach.total,4,"Báo cáo năm 2019, tr. 1"\n', encoding="utf-8"
    )
    _json(command, "ingest", str(events), "--json")
    assert command("baseline", "load", str(baseline)).code == 0
    return tmp_path


def _json(command: Command, *arguments: str) -> Any:
    done = command(*arguments)
    assert done.code == 0, done.err
    return done.document


def built(command: Command, *more: str) -> Any:
    return _json(command, "report", "build", *YEAR, "--format", "json", *more)


def test_the_year_reads_word_for_word_as_the_province_wrote_it(command: Command, told: Path) -> None:
    made = built(command)
    assert made["sentences"]["breach"] == S1
    figures = {figure["id"]: figure for figure in made["figures"]}
    assert [figures[f"breach.{column}"]["value"] for column in ("total", "CN", "VN", "both", "third", "undetermined", "contested")] == [
        8,
        7,
        1,
        0,
        0,
        0,
        0,
    ]
    assert len(figures["breach.CN"]["subjects"]) == 7
    before = {one["figure"]: one["before"] for one in made["comparisons"]}
    assert (before["breach.total"], before["outcome.breach"]) == (4, 4), "one number, whatever it is called"
    assert made["data_sha256"]
    assert made["period"] == "2019"
    assert [check for check in made["checks"] if check["severity"] == "error"] == []
    for form in ("md", "docx", "xlsx"):
        into = told / f"report.{form}"
        assert command("report", "build", *YEAR, "--format", form, "-o", str(into)).code == 0
        assert into.stat().st_size > 1000
    assert S1 in (told / "report.md").read_text()


def test_a_figure_is_traced_to_its_incidents(command: Command, told: Path) -> None:
    lines = command("report", "trace", "breach.VN", *YEAR, "--json").lines
    assert [line["side"] for line in lines] == ["VN"]
    assert "21(1)" in command("report", "trace", "breach.CN", *YEAR).out
    wrong = command("report", "trace", "breach.US", *YEAR)
    assert (wrong.code, "problem: figure:" in wrong.err) == (1, True)


def test_what_waits_for_its_report_is_traced_beside_what_was_reported(command: Command, tmp_path: Path) -> None:
    facts_after = breach("CN")
    told = [
        facts_after,
        builders.assessed(facts_after["subject"], {"outcome": "exempt"}, time="2026-01-02T00:00:00+07:00"),
        builders.updated(facts_after["subject"], {"facts": {"distance_m": 20}}, time="2026-01-03T00:00:00+07:00"),
        builders.updated("inc-nobody-reported", {"side": "CN"}),
    ]
    events = tmp_path / "events.jsonl"
    events.write_bytes(b"".join(builders.payload(event) + b"\n" for event in told))
    _json(command, "ingest", str(events), "--json")
    shown = command("report", "trace", "open.corrections", *YEAR)
    assert (shown.code, "01/03/2019 10:00" in shown.out, "inc-nobody-reported" in shown.out) == (0, True, True), shown.err
    assert "không có dòng nào" in command("report", "trace", "article39.14.persons", *YEAR).out


def test_a_report_is_issued_once_and_shown_as_it_was(command: Command, told: Path) -> None:
    first = _json(command, "report", "issue", *YEAR, *act(1), "--json")
    assert (first["version"], first["new"]) == (1, True)
    again = command("report", "issue", *YEAR, *act(2))
    assert (again.code, "còn nguyên giá trị" in again.out) == (0, True)
    late = told / "late.jsonl"
    late.write_bytes(builders.payload(breach("VN")))
    _json(command, "ingest", str(late), "--json")
    second = _json(command, "report", "issue", *YEAR, *act(3), "--json")
    assert (second["version"], {one["figure"]: (one["before"], one["after"]) for one in second["moved"]}["breach.VN"]) == (2, (1, 2))
    assert [row["version"] for row in _json(command, "report", "issued", "--json")] == [2, 1]
    many = told / "many.jsonl"
    seen = {"start": "2019-03-01T00:00:00+07:00", "end": "2019-03-02T00:00:00+07:00"}
    many.write_bytes(builders.payload(builders.crossing(interval=seen, counts=[{"what": "persons", "n": 2_044_062}])))
    _json(command, "ingest", str(many), "--json")
    third = command("report", "issue", *YEAR, *act(4))
    assert "Lượt người qua cửa khẩu, cả hai chiều (crossing.total.persons): … → 2.044.062" in third.out
    assert S1 in command("report", "show", *YEAR, "--version", "1").out
    assert S1 not in command("report", "show", *YEAR, "--version", "2").out
    assert command("report", "show", "--period", "2017", "--unit", "lang-son").code == 1


def test_a_folder_that_is_not_there_is_said_in_vietnamese(command: Command, tmp_path: Path) -> None:
    into = tmp_path / "none" / "report.md"
    done = command("report", "build", *YEAR, "-o", str(into))
    assert (done.code, done.err.startswith(f"problem: file: {into}: không đọc được hoặc không ghi được")) == (1, True), done.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("build", "--period", "2019Q5", "--unit", "lang-son"), "2019Q4"),
        (("build", "--period", "2019", "--unit", "lang-sn"), "Lạng Sơn"),
        (("build", "--period", "2019", "--unit", "lang-son", "--regime", "lunar"), "nd09"),
        (("build", "--period", "2019", "--unit", "lang-son", "--format", "docx"), "-o FILE"),
        (("build", "--period", "2019", "--unit", "lang-son", "--as-of", "yesterday"), "2019-12-14"),
        (("build", "--period", "2019H1", "--unit", "lang-son", "--estimate", "2020"), "2019H1"),
        (("issue", "--period", "2019", "--unit", "lang-son", "--by", "Sở Ngoại vụ"), "so-ngoai-vu-lang-son"),
    ],
)
def test_a_wrong_option_is_named_with_what_was_expected(command: Command, arguments: tuple[str, ...], said: str) -> None:
    done = command("report", *arguments)
    assert (done.code, done.out) == (2, "")
    assert said in done.err


def test_a_period_to_come_is_refused_in_both_languages(command: Command, tmp_path: Path) -> None:
    ahead = ("--period", "2199", "--unit", "lang-son")
    exported = command("export", "figures", "--format", "csv", *ahead, "-o", str(tmp_path / "f.csv"))
    built, traced = command("report", "build", *ahead), command("report", "trace", "breach.total", *ahead)
    issued = command("report", "issue", *ahead, "--by", "so-ngoai-vu-lang-son")
    for done in (built, traced, issued, exported):
        assert (done.code, done.out) == (1, "")
        assert done.err.startswith("problem: period_not_begun: năm 2199 (15/12/2198 - 14/12/2199) chưa bắt đầu")
        assert "2199 has not begun" in done.err
    assert not (tmp_path / "f.csv").exists()
