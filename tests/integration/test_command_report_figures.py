"""`mocgioi report figures`, beside what a report prints."""

from pathlib import Path

from tests.support.commands import Command


def test_a_report_on_nothing_has_the_figures_that_are_said_to_be_always_there(command: Command) -> None:
    told = command("report", "figures", "--json").document
    made = command("report", "build", "--unit", "lang-son", "--period", "2019Q4", "--format", "json").document
    always = {(one["id"], one["label"], one["unit"]) for one in told if one["always"]}
    assert {(figure["id"], figure["label"], figure["unit"]) for figure in made["figures"]} == always


def test_they_are_shown_to_people_with_what_they_count(command: Command, tmp_path: Path) -> None:
    shown = command("report", "figures").out
    assert "breach.contested" in shown
    assert "Vụ vi phạm Hiệp định, theo phía vi phạm" in shown
    page = tmp_path / "figures.md"
    assert command("report", "figures", "-o", str(page)).code == 0
    assert "| `breach.clause.21(1)` * |" in page.read_text(encoding="utf-8")
