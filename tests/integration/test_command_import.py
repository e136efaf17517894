"""`mocgioi import`: a table at a post, through its spool and the door, is an incident at the centre that says how it came."""

from pathlib import Path

import pytest

from tests.support.commands import Command
from tests.support.door import door
from tests.support.workers import wait_until

TABLE = "Số vào sổ;Loại việc;Xảy ra lúc;Mốc;Phía;Dữ kiện\n{rows}"
HOUSE = '7/2026;works;26/11/2026;1088/2;Trung Quốc;"purpose=other; permanent=có; change=new; distance_m=18; agreed={agreed}"\n'
NOTHING = {"new": 0, "known": 0, "corrected": 0, "refused": 0, "errors_file": None}


@pytest.mark.timeout(180)
def test_a_table_reaches_the_record_once_and_is_corrected(tmp_path: Path) -> None:
    post, file = Command(tmp_path / "post"), tmp_path / "so.csv"
    file.write_text(TABLE.format(rows=HOUSE.format(agreed="chưa rõ")))
    refused = post("import", file, "--json")
    assert (refused.code, [code for code, _ in refused.problems]) == (1, ["not_enrolled"])
    with door(tmp_path / "centre") as centre:
        device = centre.enrol("tan-thanh")
        assert post("post", "enrol", "--server", centre.url, "--key", device.key).code == 0

        assert post("import", file, "--dry-run", "--json").document == NOTHING | {"new": 1}
        assert post("import", file, "--json").document == NOTHING | {"new": 1}, "a dry run spools nothing"
        assert post("import", file, "--json").document == NOTHING | {"known": 1}
        file.write_text(TABLE.format(rows=HOUSE.format(agreed="không") + "8/2026;works;;1088/2;CN;\n"))
        done = post("import", file, "--json")
        assert (done.code, done.document) == (1, NOTHING | {"corrected": 1, "refused": 1, "errors_file": str(tmp_path / "so.loi.csv")})
        assert [code for code, _ in done.problems] == ["row"]
        assert "dòng 3: xảy ra lúc (occurred): thiếu" in done.problems[0][1]
        assert "xảy ra lúc (occurred): thiếu" in (tmp_path / "so.loi.csv").read_text(encoding="utf-8-sig")

        assert post("post", "send").code == 0
        record = Command(centre.home)
        wait_until(
            lambda: [row["outcome"] for row in record("incidents", "list", "--json").document] == ["breach"], "the corrected incident"
        )
        (row,) = record("incidents", "list", "--json").document
        shown = record("incidents", "show", row["incident"], "--json").document
        assert [event["via"] for event in shown["events"]] == ["import", "import"]
        assert "bảng nhập" in record("incidents", "show", row["incident"]).out
        assert "bảng nhập" in record("explain", shown["events"][0]["id"]).out


def test_a_template_is_written(tmp_path: Path) -> None:
    done = Command(tmp_path / "home")("import", "template", "-o", tmp_path / "mau.xlsx")
    assert (done.code, done.err) == (0, "")
    assert (tmp_path / "mau.xlsx").read_bytes().startswith(b"PK")
