"""`marker show`, `gate show`, `gates`, `province show`, as people run them."""

from pathlib import Path

import pytest

from tests.support.commands import Command


@pytest.fixture
def bare(tmp_path: Path) -> Command:
    return Command(tmp_path / "home")


def test_a_marker_is_shown_as_json_and_for_people(bare: Command) -> None:
    shown = bare("marker", "show", "1088/2", "--on", "2024-03-01", "--json").document
    assert (shown["marker"], shown["on"], shown["province"]["now"]["code"]) == ("1088/2", "2024-03-01", "lang-son")
    printed = bare("marker", "show", "khu vực mốc 1088/3", "--on", "2025-06-30").out
    assert all(
        words in printed
        for words in ("Mốc 1088/3 (chưa kiểm chứng · unverified)", "Lạng Sơn", "1088 ← → 1089", "Tân Thanh - Pò Chài", "toạ độ")
    )
    assert "Hà Giang; nay là · now Tuyên Quang" in bare("marker", "show", "261(1)", "--on", "2025-06-30").out
    assert "CN (suy ra · inferred)" in bare("marker", "show", "29").out


def test_a_gate_is_shown_by_either_sides_name(bare: Command) -> None:
    gates = [bare("gate", "show", name, "--json").document["gate"] for name in ("Pò Chài", "po chai", "浦寨")]
    assert gates == ["tan-thanh"] * 3
    assert "lối thông quan: 2024-05-27 → …" in bare("gate", "show", "Puzhai").out


def test_all_gates_are_listed_for_a_province_and_a_day(bare: Command) -> None:
    every = bare("gates", "--json").document
    assert {gate["gate"] for gate in every} >= {"huu-nghi", "tan-thanh", "mong-cai"}
    ours = bare("gates", "--province", "Hà Giang", "--on", "2026-01-01", "--json").document
    assert {gate["gate"]: gate["province"] for gate in ours} == dict.fromkeys(
        ("thanh-thuy", "xin-man", "pho-bang", "sam-pun"), "tuyen-quang"
    )
    early = bare("gates", "--province", "lang-son", "--on", "2015-01-01", "--json").document
    assert "duong-chuyen-dung-1119-1120" not in {gate["gate"] for gate in early}
    assert "Hữu Nghị - Hữu Nghị Quan" in bare("gates").out


def test_a_province_is_shown_as_json_and_for_people(bare: Command) -> None:
    assert bare("province", "show", "ha giang", "--json").document["successor"]["code"] == "tuyen-quang"
    printed = bare("province", "show", "Cao Bằng").out
    assert all(words in printed for words in ("520-868", "Quảng Tây 广西", "Trà Lĩnh - Long Bang", "Cốc Pàng"))


@pytest.mark.parametrize(
    ("arguments", "code", "problem", "said"),
    [
        (["marker", "show", "1379"], 1, "marker", "từ 0 đến 1378"),
        (["marker", "show", "753, 754"], 1, "marker", "cần đúng một mốc hoặc một đoạn"),
        (["gate", "show", "Pò Chà"], 1, "gate", "gần nhất: Pò Chài (tan-thanh)"),
        (["gates", "--province", "Lang Sơm"], 1, "province", "gần nhất: Lạng Sơn"),
        (["province", "show", "Lang Sơm"], 1, "province", "gần nhất: Lạng Sơn"),
        (["marker", "show", "753", "--on", "27/5/2024"], 2, "usage", "--on"),
    ],
)
def test_what_is_not_known_is_one_problem(bare: Command, arguments: list[str], code: int, problem: str, said: str) -> None:
    done = bare(*arguments)
    ((named, sentence),) = done.problems
    assert (done.code, done.out, named) == (code, "", problem)
    assert said in sentence
