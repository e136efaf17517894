"""`mocgioi baseline`: published totals in, listed and taken back."""

from pathlib import Path

import pytest

from tests.support.commands import Command

S1 = 'unit,period,regime,figure,value,source\nlang-son,2018,,breach.total,4,"Bài ngày 20/01/2020"\n'


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "s1.csv"
    path.write_text(S1)
    return path


def test_totals_are_loaded_listed_and_withdrawn(command: Command, file: Path) -> None:
    assert command("baseline", "load", file, "--json").document == {"new": 1, "duplicate": 0}
    again = command("baseline", "load", "-", "--json", stdin=S1.encode())
    assert (again.code, again.document) == (0, {"new": 0, "duplicate": 1})
    (row,) = command("baseline", "list", "--json").document
    assert {name: row[name] for name in ("unit", "period", "regime", "figure", "value", "source", "page")} == {
        "unit": "lang-son",
        "period": "2018",
        "regime": None,
        "figure": "breach.total",
        "value": 4,
        "source": "Bài ngày 20/01/2020",
        "page": None,
    }
    assert row["loaded_at"].endswith("+07:00")
    shown = command("baseline", "list").out
    assert "breach.total" in shown
    assert "Bài ngày 20/01/2020" in shown

    key = ["lang-son", "2018", "breach.total"]
    other = command("baseline", "withdraw", *key, "--regime", "nd09", "--reason", "sai")
    assert (other.code, other.problems[0][0]) == (1, "not_found")
    taken = command("baseline", "withdraw", *key, "--reason", "nhập nhầm đơn vị", "--json")
    assert (taken.code, taken.document["withdrawn_reason"]) == (0, "nhập nhầm đơn vị")
    assert command("baseline", "withdraw", *key, "--reason", "sai").code == 1
    assert command("baseline", "list", "--json").document == []
    (kept,) = command("baseline", "list", "--withdrawn", "--json").document
    assert kept == taken.document
    assert "nhập nhầm đơn vị" in command("baseline", "list", "--withdrawn").out


def test_a_contradiction_is_refused_naming_both_and_loads_nothing(command: Command, file: Path, tmp_path: Path) -> None:
    command("baseline", "load", file)
    other = tmp_path / "other.jsonl"
    other.write_text(
        '{"unit": "cao-bang", "period": "2018", "figure": "breach.total", "value": 2, "source": "x"}\n'
        '{"unit": "lang-son", "period": "2018", "figure": "breach.total", "value": 5, "source": "y"}\n'
    )
    done = command("baseline", "load", other)
    assert (done.code, done.out) == (1, "")
    ((code, sentence),) = done.problems
    assert code == "contradiction"
    assert sentence.startswith("dòng 2, value: ")
    assert "Bài ngày 20/01/2020" in sentence
    assert len(command("baseline", "list", "--json").document) == 1


def test_a_file_that_is_wrong_in_itself_is_refused_before_any_database_is_begun(tmp_path: Path) -> None:
    bare = Command(tmp_path / "home")
    bad = tmp_path / "bad.csv"
    bad.write_text(S1 + "".join("ha-noi,2018,,breach.total,4,x\n" for _ in range(25)))
    done = bare("baseline", "load", bad)
    assert (done.code, done.out, bare.home.exists()) == (1, "", False)
    assert [code for code, _ in done.problems] == ["unit"] * 6
    assert done.problems[0][1].startswith("dòng 3, unit: ")
    assert done.problems[-1][1].startswith("… và 20 dòng khác")
    assert len(bare("baseline", "load", bad, "--json").problems) == 25
