"""Importing a table: what a row comes to, whatever the file is; known again by its `ref`; what is wrong in a copy of the file."""

import csv
import json
import subprocess
import sys
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from border.vietnam import HANOI
from posts.importing.columns import WrongColumns
from posts.importing.errors_copy import copy_of, write_copy
from posts.importing.into_spool import imported
from posts.importing.plan import ImportPlan, PlannedRow
from posts.importing.row import ReadRow, read
from posts.importing.table import table_of
from posts.importing.template import write_template
from posts.importing.text_encoding import decoded
from posts.mint import NewEvent, mint
from posts.post_spool import PostSpool
from posts.spool import Spool
from schemas.codebook import KIND_LABELS, Kind
from texts.files import Unreadable

NOW = datetime(2026, 11, 27, 19, 30, tzinfo=HANOI)
SOURCE = "/posts/tan-thanh/d1"
HEADER = ["Số vào sổ", "Loại việc", "Xảy ra lúc", "Mốc", "Phía", "Dữ kiện", "Số lượng", "Nội dung"]
HOUSE = [
    "15/2026",
    "xây dựng công trình",
    "27/11/2026 02:30",
    "1088/2",
    "Trung Quốc",
    "distance_m=18 m; kiên cố=có",
    "người=9 CN",
    "Nhà ở mới",
]
HOUSE[1] = KIND_LABELS[Kind.WORKS].vi
NIGHT = ["16/2026", "crossing", "đêm 26/11/2026", "1090", "chua xac dinh", "", "", "Đường mòn"]


def written(folder: Path, rows: Iterable[Sequence[object]], *, delimiter: str = ",", encoding: str = "utf-8") -> Path:
    file = folder / "bang.csv"
    with file.open("w", encoding=encoding, newline="") as opened:
        csv.writer(opened, delimiter=delimiter).writerows(rows)
    return file


def planned(file: Path, history: Sequence[bytes] = (), **options: Any) -> list[PlannedRow]:
    return plan(rows_of(file, **options), history, source=SOURCE)


def plan(rows: Iterable[ReadRow], history: Iterable[bytes], *, source: str) -> list[PlannedRow]:
    planning = ImportPlan(source)
    planning.learn(history)
    return [planning.of(row) for row in rows]


def rows_of(file: Path, *, source: str = SOURCE, **options: Any) -> list[ReadRow]:
    return [read(row, source=source, time=NOW) for row in table_of(file, **options).rows]


def outcomes(rows: Iterable[PlannedRow]) -> list[str]:
    return [row.outcome for row in rows]


class Post:
    """A post that imports files one after the other."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.spool = Spool(folder / "post.db")

    def imports(self, *rows: Sequence[object]) -> list[PlannedRow]:
        done = planned(written(self.folder, [HEADER, *rows]), self.history())
        mint(self.spool, SOURCE, [event for row in done for event in row.events])
        return done

    def history(self) -> list[bytes]:
        return [row.value for row in self.spool.read(1, 1000)]

    def last(self) -> dict[str, Any]:
        event: dict[str, Any] = json.loads(self.history()[-1])
        return event


@pytest.fixture
def post(tmp_path: Path) -> Post:
    return Post(tmp_path)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "~"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_any_delimiter_and_every_encoding_of_unicode(tmp_path: Path, delimiter: str, encoding: str) -> None:
    table = written(tmp_path, [["Bảng sự việc, quý IV; năm 2026"], HEADER, HOUSE], delimiter=delimiter, encoding=encoding)
    (row,) = planned(table)
    assert row.problems == ()
    assert row.events[0].data == {
        "kind": "works",
        "status": "actual",
        "occurred": {"start": "2026-11-27T02:30:00+07:00", "precision": "minute"},
        "place": {"scheme": "marker", "line": "VN-CN", "marker": "1088/2"},
        "side": "CN",
        "facts": {"distance_m": 18, "permanent": True},
        "measures": [{"what": "persons", "n": 9, "nationality": "CN"}],
        "text": "Nhà ở mới",
    }


def windows_1258(text: str) -> bytes:
    """As Windows writes it: the tone of a letter follows it, unless the code page has both in one."""
    from posts.importing.text_encoding import _tones_apart

    return _tones_apart(text).encode("cp1258")


def test_windows_1258_is_recognised_and_named() -> None:
    text = "Số vào sổ,Loại việc\n1,Xây dựng nhà ở kiên cố trong phạm vi đường biên giới, ĐẶNG"
    assert decoded(windows_1258(text), "bang.csv") == (text, "windows-1258")
    assert decoded(windows_1258(text), "bang.csv", "windows-1258") == (text, "")


@pytest.mark.parametrize(
    ("raw", "encoding"),
    [(b"\xff", "utf-8"), (b"a", "hieroglyphs"), (b"\\ud800", "unicode_escape"), (b"\xff", "punycode"), (b"ab", "rot13")],
)
def test_an_encoding_that_does_not_fit_is_told(raw: bytes, encoding: str) -> None:
    with pytest.raises(Unreadable, match=encoding):
        decoded(raw, "bang.csv", encoding)


@pytest.mark.parametrize("old", [b"S\xe8 v\xb5o s\xe6,X\xa9y d\xf9ng", "Soá vaøo soå,Xaây döïng".encode("cp1252")], ids=["TCVN3", "VNI"])
def test_no_other_old_encoding_is_taken_for_it(old: bytes) -> None:
    with pytest.raises(Unreadable, match="--encoding windows-1258"):
        decoded(old, "bang.csv")


@pytest.mark.parametrize(
    ("occurred", "precision", "start", "is_known_to"),
    [
        ("27/11/2026 02:30", "", "2026-11-27T02:30:00+07:00", "minute"),
        ("27.11.2026 2h30", "", "2026-11-27T02:30:00+07:00", "minute"),
        ("27/11/2026 02h", "", "2026-11-27T02:00:00+07:00", "hour"),
        ("27/11/2026", "", "2026-11-27T00:00:00+07:00", "day"),
        ("2026-11-27 00:00:00", "", "2026-11-27T00:00:00+07:00", "day"),
        ("2026-11-27T00:00", "", "2026-11-27T00:00:00+07:00", "minute"),
        ("2026-11-27T01:30:00+08:00", "", "2026-11-27T00:30:00+07:00", "minute"),
        ("11/2026", "", "2026-11-01T00:00:00+07:00", "month"),
        ("2026", "", "2026-01-01T00:00:00+07:00", "year"),
        ("27/11/2026 02:30", "đến ngày", "2026-11-27T00:00:00+07:00", "day"),
        ("27/11/2026 02:30", "ngay", "2026-11-27T00:00:00+07:00", "day"),
        ("26/11/2026", "đêm", "2026-11-26T18:00:00+07:00", "night"),
        ("quý III/2026", "quarter", "2026-07-01T00:00:00+07:00", "quarter"),
    ],
)
def test_when_it_occurred_as_tables_write_it(tmp_path: Path, occurred: str, precision: str, start: str, is_known_to: str) -> None:
    header = ["ref", "kind", "occurred", "precision", "marker", "side"]
    (row,) = planned(written(tmp_path, [header, ["1", "crossing", occurred, precision, "1090", "CN"]]))
    assert row.problems == ()
    assert (row.events[0].data["occurred"]["start"], row.events[0].data["occurred"]["precision"]) == (start, is_known_to)


@pytest.mark.parametrize(
    ("column", "cell", "says"),
    [
        ("Số vào sổ", "", "số vào sổ (ref): thiếu"),
        ("Loại việc", "công trinhf", "loại việc (kind): 'công trinhf': cần một trong"),
        ("Xảy ra lúc", "", "xảy ra lúc (occurred): thiếu"),
        ("Xảy ra lúc", "30/02/2026", "xảy ra lúc (occurred): không đọc được"),
        ("Xảy ra lúc", "đêm qua", "phải ghi ngày, tháng, năm"),
        ("Xảy ra lúc", "27/11/2027", "xảy ra lúc (occurred): 2027-11-27T00:00:00+07:00 sau time"),
        ("Mốc", "1088/99", "mốc (marker): “1088/99”"),
        ("Mốc", "2026-02-10 00:00:00", "mốc (marker)"),
        ("Mốc", "", "mốc (marker): thiếu nơi xảy ra"),
        ("Phía", "", "phía (side): thiếu"),
        ("Dữ kiện", "distance_m=18 km", "dữ kiện (facts)"),
        ("Dữ kiện", "distance_m=-1", "dữ kiện (facts)"),
        ("Dữ kiện", "goods=pháo", "works chỉ có các dữ kiện"),
        ("Dữ kiện", "18 mét", "cần dạng tên=giá trị"),
        ("Số lượng", "người=chín", "số lượng (measures)"),
        ("Số lượng", "người=1,5", "số lượng (measures)"),
    ],
)
def test_a_wrong_cell_is_named_by_its_column(tmp_path: Path, column: str, cell: str, says: str) -> None:
    wrong = [cell if name == column else value for name, value in zip(HEADER, HOUSE, strict=True)]
    first, second = planned(written(tmp_path, [HEADER, wrong, NIGHT]))
    assert (first.outcome, first.number) == ("refused", 2)
    assert len(first.problems) == 1
    assert says in first.problems[0]
    assert second.outcome == "new", "what is refused stops nothing"


def test_all_that_is_wrong_with_a_row_is_said_at_once(tmp_path: Path) -> None:
    (row,) = planned(written(tmp_path, [HEADER, ["", "xxx", "hôm nào", "99999", "", "", "a=1", ""]]))
    labels = [problem.partition(" (")[0] for problem in row.problems]
    assert sorted(labels) == sorted(["số vào sổ", "loại việc", "xảy ra lúc", "phía", "số lượng", "mốc"])


@pytest.mark.parametrize(
    ("header", "says"),
    [
        (["ref", "kind", "occurred", "side", "markr"], "“markr”"),
        (["ref", "kind", "occurred", "Phía", "side"], "“Phía” và “side” là một cột"),
        (["ref", "kind", "occurred", "marker"], r"phía \(side\)"),
        (["a", "b", "c"], "không thấy hàng tên cột"),
    ],
)
def test_a_header_that_nobody_can_read_stops_the_import(tmp_path: Path, header: list[str], says: str) -> None:
    with pytest.raises(WrongColumns, match=says):
        table_of(written(tmp_path, [header, ["1"] * len(header)]))


def test_a_row_with_more_cells_than_the_header_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "bang.csv"
    file.write_text(";".join(HEADER) + "\n15;works;2026-11-27;1088/2;CN;distance_m=18; agreed=không;người=9;x\n")
    (row,) = planned(file)
    assert "ngoặc kép" in row.problems[0]


def test_the_same_file_again_is_nothing_new(post: Post) -> None:
    assert outcomes(post.imports(HOUSE, NIGHT)) == ["new", "new"]
    assert post.last()["via"] == "import"
    assert outcomes(post.imports(NIGHT, HOUSE)) == ["known", "known"]
    assert len(post.history()) == 2


def test_a_changed_row_is_a_correction_of_what_changed(post: Post) -> None:
    post.imports(HOUSE)
    subject = post.last()["subject"]
    post.imports([*HOUSE[:5], "distance_m=31; agreed=có", "", "Nhà ở mới"])
    update = post.last()
    assert (update["type"], update["subject"]) == ("vn.mocgioi.incident.updated.v1", subject)
    assert update["data"] == {
        "reason": "đính chính theo bảng nhập, số vào sổ 15/2026",
        "measures": [],
        "facts": {"permanent": None, "distance_m": 31, "agreed": True},
    }
    assert outcomes(post.imports([*HOUSE[:5], "distance_m=31; agreed=có", "", "Nhà ở mới"])) == ["known"]


def test_another_kind_withdraws_the_facts_that_it_does_not_know(post: Post) -> None:
    post.imports(HOUSE)
    (row,) = post.imports([HOUSE[0], "crossing", *HOUSE[2:5], "subject=person", *HOUSE[6:]])
    assert [event.data.get("facts") for event in row.events] == [{"distance_m": None, "permanent": None}, {"subject": "person"}]


def test_what_other_commands_add_is_not_taken_back(post: Post) -> None:
    post.imports(HOUSE)
    update = {"reason": "bổ sung", "facts": {"agreed": False}}
    mint(post.spool, SOURCE, [NewEvent("incident.updated", post.last()["subject"], update)])
    assert outcomes(post.imports(HOUSE)) == ["known"]


def test_a_changed_row_of_a_retracted_incident_is_refused(post: Post) -> None:
    post.imports(HOUSE)
    mint(post.spool, SOURCE, [NewEvent("incident.retracted", post.last()["subject"], {"reason": "báo nhầm"})])
    assert outcomes(post.imports(HOUSE)) == ["known"]
    assert "đã rút" in post.imports([*HOUSE[:-1], "khác"])[0].problems[0]


def test_one_number_for_two_incidents_in_one_file_is_refused(post: Post) -> None:
    first, same, other = post.imports(HOUSE, HOUSE, [HOUSE[0], *NIGHT[1:]])
    assert (first.outcome, same.outcome, other.outcome) == ("new", "known", "refused")
    assert "dòng 2" in other.problems[0]


def test_a_reinstalled_device_makes_no_second_incident_of_a_row(tmp_path: Path) -> None:
    file = written(tmp_path, [HEADER, HOUSE])
    subjects = {
        plan(rows_of(file, source=source), (), source=source)[0].events[0].subject
        for source in (SOURCE, "/posts/tan-thanh/d2", "/posts/chi-ma/d1")
    }
    assert len(subjects) == 2


def test_what_another_post_imported_on_this_machine_is_not_known(post: Post) -> None:
    post.imports(HOUSE)
    file = written(post.folder, [HEADER, HOUSE])
    chi_ma = "/posts/chi-ma/d1"
    assert outcomes(plan(rows_of(file, source=chi_ma), post.history(), source=chi_ma)) == ["new"]
    assert outcomes(plan(rows_of(file, source="/posts/tan-thanh/d2"), post.history(), source="/posts/tan-thanh/d2")) == ["known"]


SECRET = [*NIGHT[:-1], "Độ mật: Mật. Chỉ huy đồn báo cáo"]


def test_a_marked_row_goes_nowhere_and_is_not_copied(tmp_path: Path) -> None:
    file = written(tmp_path, [HEADER, HOUSE, SECRET], delimiter=";")
    rows = planned(file)
    assert outcomes(rows) == ["new", "refused"]
    write_copy(table_of(file), {row.number: row for row in rows if row.problems}, copy_of(file))
    copied = (tmp_path / "bang.loi.csv").read_text(encoding="utf-8-sig")
    assert "Chỉ huy" not in copied
    assert "dấu mật" in copied
    assert HOUSE[7] in copied


def test_a_posts_own_book_may_call_its_columns_otherwise(tmp_path: Path) -> None:
    header = ["STT", "Mã vụ việc", "Loại", "Thời gian", "Số hiệu mốc", "Phía gây ra", "Mô tả"]
    (row,) = planned(written(tmp_path, [header, ["1", *HOUSE[:5], "Nhà ở mới"]]))
    assert row.events[0].extensions["ref"] == HOUSE[0]


def test_a_column_that_is_called_twice_in_two_words_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WrongColumns, match="ngày"):
        table_of(written(tmp_path, [[*HEADER, "ngày"], [*HOUSE, "27/11/2026"]]))


@pytest.mark.parametrize("rows", [[["ĐỘ MẬT: TỐI MẬT"], HEADER, HOUSE], [[*HEADER, "TUYỆT MẬT"], HOUSE]])
def test_a_marked_file_is_not_read(tmp_path: Path, rows: list[list[str]]) -> None:
    with pytest.raises(Unreadable, match="dấu mật"):
        table_of(written(tmp_path, rows))


def test_the_copy_says_what_is_wrong_and_can_be_imported_once_mended(tmp_path: Path) -> None:
    file = written(tmp_path, [HEADER, HOUSE, [*NIGHT[:3], "99999", *NIGHT[4:]]], delimiter=";")
    copy = copy_of(file)
    for _ in range(2):  # the column of an earlier copy is written anew
        write_copy(table_of(file), {row.number: row for row in planned(file) if row.problems}, copy)
        file = copy
    lines = list(csv.reader(copy.read_text(encoding="utf-8-sig").splitlines(), delimiter=";"))
    assert [line[8:] for line in lines][:2] == [["lỗi"], [""]]
    assert "99999" in lines[2][8]
    copy.write_text(copy.read_text(encoding="utf-8-sig").replace("99999", "1090"), encoding="utf-8-sig")
    assert outcomes(planned(copy)) == ["new", "new"]


def test_the_template_filled_in_is_read(tmp_path: Path) -> None:
    file = tmp_path / "mau.xlsx"
    write_template(file)
    book = openpyxl.load_workbook(file)
    sheet = book["Vụ việc"]
    assert {str(cells.sqref).partition("2:")[0] for cells in sheet.data_validations.dataValidation} == {"B", "D", "F", "H", "I", "J"}
    lists = {cell.value for row in book["Danh sách"].iter_rows() for cell in row}
    explained = {cell.value for row in book["Bảng mã"].iter_rows() for cell in row}
    for kind in Kind:
        assert KIND_LABELS[kind].vi in lists
        assert kind.value in explained
    values = [15, KIND_LABELS[Kind.WORKS].vi, date(2026, 11, 27), None, 1090, None, None, None, "Trung Quốc"]
    for place, value in enumerate(values, start=1):
        sheet.cell(2, place).value = value
    sheet.cell(3, 1).value = 16
    sheet.cell(4, 13).value = "Độ mật: Mật. Chỉ huy đồn báo cáo"
    sheet.merge_cells("A4:C4")
    book.save(file)
    good, bad, secret = planned(file)
    assert good.events[0].extensions == {"via": "import", "ref": "15"}
    assert good.events[0].data["place"]["marker"] == "1090"
    assert good.events[0].data["occurred"] == {"start": "2026-11-27T00:00:00+07:00", "precision": "day"}
    write_copy(table_of(file), {3: bad, 4: secret}, copy_of(file))
    copied = openpyxl.load_workbook(copy_of(file))["Vụ việc"]
    assert "loại việc (kind): thiếu" in copied.cell(3, 14).value
    assert copied.cell(2, 14).value is None
    assert [copied.cell(4, 13).value, "dấu mật" in copied.cell(4, 14).value] == [None, True]


def test_every_choice_of_the_template_is_understood(tmp_path: Path) -> None:
    from posts.importing.template import _choices

    choices = _choices()
    header = [column.value for column in choices] + ["ref", "occurred"]
    longest = max(map(len, choices.values()))
    rows = [[names[number % len(names)] for names in choices.values()] + [str(number), "27/11/2026 02:30"] for number in range(longest)]
    refused = [row.problems for row in planned(written(tmp_path, [header, *rows])) if row.problems]
    # `other` needs a text; a gate and a province may not fit together and are no matter of a table.
    assert all("text" in problem for problems in refused for problem in problems), refused


MANY = [[f"{number}/2026", *NIGHT[1:]] for number in range(1, 61)]


def numbers_and_refs(spool: Spool) -> list[tuple[str, str]]:
    events = [json.loads(row.value) for row in spool.read(1, 1000)]
    return [(event["sequence"], event.get("ref", "")) for event in events]


def test_other_commands_write_between_the_rows_of_an_import(tmp_path: Path) -> None:
    """Without waiting: whoever writes then finds the spool free. What they write, the rows behind it know."""
    spool, other = PostSpool(tmp_path / "post.db"), PostSpool(tmp_path / "post.db", patience_s=0)
    rows = table_of(written(tmp_path, [HEADER, *MANY])).rows
    importing = imported(rows, spool, partial(spool.mint, SOURCE), source=SOURCE, now=NOW, at_once=20)
    assert outcomes(next(importing)) == ["new"] * 20
    first, last = json.loads(spool.read(1, 1)[0].value), rows[-1]
    other.mint(SOURCE, [NewEvent("incident.retracted", first["subject"], {"reason": "báo nhầm"})])
    list(imported([last], other, partial(other.mint, SOURCE), source=SOURCE, now=NOW))
    assert [row.outcome for chunk in importing for row in chunk] == ["new"] * 39 + ["known"]
    sequences = [sequence for sequence, _ in numbers_and_refs(spool)]
    assert sequences == [f"{number:08d}" for number in range(1, 62)], "60 rows and a retraction"


IMPORT = f"""
import sys
from datetime import datetime
from functools import partial
from pathlib import Path
from posts.importing.into_spool import imported
from posts.importing.table import table_of
from posts.post_spool import PostSpool
spool = PostSpool(Path(sys.argv[1]))
now = datetime.fromisoformat({NOW.isoformat()!r})
for rows in imported(table_of(Path(sys.argv[2])).rows, spool, partial(spool.mint, {SOURCE!r}), source={SOURCE!r}, now=now, at_once=5):
    print(len(rows), flush=True)
    sys.stdin.readline()
"""


def test_an_import_that_is_killed_and_run_again_brings_every_row_once(tmp_path: Path) -> None:
    path, file = tmp_path / "post.db", written(tmp_path, [HEADER, *MANY])
    with subprocess.Popen([sys.executable, "-c", IMPORT, path, file], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for _ in range(2):
            assert process.stdout.readline() == b"5\n"
            process.stdin.write(b"\n")
            process.stdin.flush()
        process.kill()
    spool = PostSpool(path)
    kept = len(numbers_and_refs(spool))
    assert kept in (10, 15), "the third five are there or not, all of them"
    done = [row for rows in imported(table_of(file).rows, spool, partial(spool.mint, SOURCE), source=SOURCE, now=NOW) for row in rows]
    assert outcomes(done) == ["known"] * kept + ["new"] * (60 - kept)
    assert numbers_and_refs(spool) == [(f"{number:08d}", f"{number}/2026") for number in range(1, 61)]
