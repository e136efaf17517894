"""`mocgioi report read` and `mocgioi report audit`, as a report writer runs them."""

from pathlib import Path

import docx
import pytest

from reports.baselines import file as baseline_file
from tests.support.commands import Command

BREACHES = (
    "Lạng Sơn, ngày 20 tháng 01 năm 2020\n\nKết quả trong năm 2019 xảy ra 08 vụ vi phạm Hiệp định về quy chế quản lý biên giới "
    "(phía Trung Quốc vi phạm 07 vụ, Việt Nam vi phạm 01 vụ) tăng 04 vụ so với cùng kỳ năm 2018. "
    "Trong năm 2019 cử 53 đoàn/505 lượt cán bộ đi công tác. Hoàn thành sửa chữa nhẹ cột mốc 615.\n"
)
TABLE = "Nội dung;đoàn;lượt\nChủ trì;36;524\nKhách;10;162\nPhóng viên;08;45\nTổng cộng;54;583\n"


@pytest.fixture
def bare(tmp_path: Path) -> Command:
    """The command with a data folder that nothing needs."""
    return Command(tmp_path / "home")


@pytest.fixture
def report(tmp_path: Path) -> Path:
    path = tmp_path / "bao-cao.txt"
    path.write_text(BREACHES)
    return path


def test_an_old_report_is_read_into_figures_with_their_lines(bare: Command, report: Path) -> None:
    done = bare("report", "read", report, "--json")
    assert (done.code, done.err) == (0, "")
    assert done.document["unit"] == "lang-son"
    figures = {(one["figure"], one["period"]): one for one in done.document["figures"]}
    total, before = figures["breach.total", "2019"], figures["breach.total", "2018"]
    assert (total["value"], total["line"], total["confidence"], total["derived"]) == (8, 3, "high", None)
    assert total["quote"] in BREACHES
    assert (before["value"], before["derived"]) == (4, {"period": "2019", "value": 8, "change": 4, "how": "suy ra: 8 - 4"})
    assert figures["delegations.out.persons", "2019"]["value"] == 505
    written = {one["written"]: (one["figures"], one["why"]) for one in done.document["numbers"]}
    assert written["53"] == (["delegations.out"], "")
    assert written["04"] == (["breach.total"], "mức tăng, giảm, để suy ra số kỳ trước")
    assert written["615"] == ([], "số hiệu mốc")
    assert written["20"] == ([], "ngày, tháng")
    assert [(one["kind"], one["markers"]) for one in done.document["matters"]] == [("marker_upkeep", ["615"])]
    assert not bare.home.exists(), "nothing is kept"


@pytest.mark.parametrize(("dialect", "separator"), [("csv", ","), ("excel-vi", ";")])
def test_the_csv_is_what_baseline_load_reads(bare: Command, report: Path, dialect: str, separator: str) -> None:
    done = bare("report", "read", report, "--csv", "--source", "Báo cáo số 12/BC-SNgV", "--dialect", dialect)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith(f"\ufeffunit{separator}period{separator}")
    lines = baseline_file.read(done.out.encode())
    assert [(line.figure, line.period, line.value) for line in lines] == [
        ("breach.total", "2019", 8),
        ("breach.CN", "2019", 7),
        ("breach.VN", "2019", 1),
        ("breach.total", "2018", 4),
        ("delegations.out", "2019", 53),
        ("delegations.out.persons", "2019", 505),
    ]
    assert all(line.source.startswith("Báo cáo số 12/BC-SNgV: “") for line in lines)


def test_a_person_sees_the_words_and_what_was_left_unread(bare: Command, tmp_path: Path) -> None:
    document = docx.Document()
    for line in (*BREACHES.split("\n"), "Tỉnh đã tiếp nhận 12 dự án."):
        document.add_paragraph(line)
    document.save(str(tmp_path / "bao-cao.docx"))
    done = bare("report", "read", tmp_path / "bao-cao.docx")
    assert done.code == 0
    for shown in ("breach.total", "delegations.out", "suy ra: 8 - 4", "615", "12 dự án", "số trong văn bản"):
        assert shown in done.out


def test_a_province_may_be_given(bare: Command, tmp_path: Path) -> None:
    (tmp_path / "bc.txt").write_text("Năm 2019 xảy ra 08 vụ vi phạm Hiệp định.")
    assert [one["unit"] for one in bare("report", "read", tmp_path / "bc.txt", "--json").document["figures"]] == [None]
    done = bare("report", "read", tmp_path / "bc.txt", "--json", "--unit", "Cao Bằng")
    assert [one["unit"] for one in done.document["figures"]] == ["cao-bang"]
    wrong = bare("report", "read", tmp_path / "bc.txt", "--unit", "Atlantis")
    assert (wrong.code, [code for code, _ in wrong.problems]) == (2, ["usage"])


@pytest.mark.parametrize("command", ["read", "audit"])
def test_a_secret_report_is_refused_and_not_repeated(bare: Command, tmp_path: Path, command: str) -> None:
    (tmp_path / "bc.txt").write_text(f"TỐI MẬT\n{BREACHES}")
    done = bare("report", command, tmp_path / "bc.txt", "--json")
    assert (done.code, done.out, [code for code, _ in done.problems]) == (1, "", ["secret"])
    assert "08" not in done.err


def test_a_table_that_does_not_add_up_is_refused_with_the_sum(bare: Command, tmp_path: Path) -> None:
    (tmp_path / "bang.csv").write_text(TABLE)
    done = bare("report", "audit", tmp_path / "bang.csv")
    assert done.code == 1
    assert done.problems == [("does_not_add_up", "dòng 5 (Tổng cộng), cột “lượt”: 524 + 162 + 45 = 731 ≠ 583")]
    assert "36 + 10 + 8 = 54" in done.out
    again = bare("report", "audit", tmp_path / "bang.csv", "--json")
    assert (again.code, again.document["adds_up"], again.document["checked"]) == (1, False, 2)
    assert again.document["checks"][1] == {
        "where": "dòng 5 (Tổng cộng), cột “lượt”",
        "message": "524 + 162 + 45 = 731 ≠ 583",
        "holds": False,
    }


def test_a_table_that_adds_up_is_said_to(bare: Command, report: Path, tmp_path: Path) -> None:
    assert bare("report", "audit", report).code == 0
    (tmp_path / "bang.csv").write_text(TABLE.replace("583", "731"))
    done = bare("report", "audit", tmp_path / "bang.csv", "--json")
    assert (done.code, done.err, done.document["adds_up"]) == (0, "", True)


def test_what_has_no_total_or_does_not_parse_is_refused(bare: Command, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Năm 2019 xảy ra 08 vụ.")
    empty = bare("report", "audit", tmp_path / "a.txt", "--json")
    assert (empty.code, empty.document) == (1, {"adds_up": None, "checks": [], "checked": 0})
    assert empty.problems == [("nothing_to_check", "a.txt: không tìm thấy tổng nào để kiểm tra · no total to check")]
    (tmp_path / "a.csv").write_text("figure,value\nbreach.total,mười\n")
    broken = bare("report", "audit", tmp_path / "a.csv")
    assert (broken.code, broken.problems) == (1, [("number", "dòng 2, value: 'mười' không phải là số · is no number")])
