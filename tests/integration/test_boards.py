"""Grafana as code: every query of every board and alert, on the sources that a simulated border has filled."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from border.places import Province, gates
from deploy.grafana.boards.parts import SIDE_COLORS
from schemas.codebook import Kind, Outcome, Side
from tests.support.grafana import BOARDS, Board, Sources, columns_named, has_values
from tests.support.postgres import Databases
from tests.support.watched_border import watched_border

PANELS = [(uid, panel) for uid, board in BOARDS.items() for panel in board["panels"] if panel["type"] != "row"]


@pytest.fixture(scope="module")
def sources(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sources]:
    with watched_border(databases, tmp_path_factory.mktemp("boards")) as watched:
        yield watched


@pytest.fixture(scope="module")
def boards(sources: Sources) -> dict[str, Board]:
    """The boards as a person opens them now."""
    return {uid: Board(board, sources, datetime.now(UTC)) for uid, board in BOARDS.items()}


def panel_of(board: Board, title: str) -> dict[str, Any]:
    (panel,) = (panel for panel in board.panels if panel["title"] == title)
    return panel


@pytest.mark.parametrize(("uid", "title"), [(uid, panel["title"]) for uid, panel in PANELS if panel["type"] != "alertlist"])
def test_a_panel_shows_something(boards: dict[str, Board], uid: str, title: str) -> None:
    answers = list(boards[uid].answers(panel_of(boards[uid], title)))
    assert answers
    assert all(map(has_values, answers))


@pytest.mark.parametrize(("uid", "title"), [(uid, panel["title"]) for uid, panel in PANELS if panel["type"] in {"table", "barchart"}])
def test_what_a_panel_formats_is_a_column_of_its_query(boards: dict[str, Board], uid: str, title: str) -> None:
    panel = panel_of(boards[uid], title)
    (answer,) = boards[uid].answers(panel)
    assert set(columns_named(panel)) <= {*answer.columns, *SIDE_COLORS}


def test_every_variable_offers_all_codes_by_name_and_filters_its_board(boards: dict[str, Board]) -> None:
    """Also those that nothing was recorded of yet: a screen stays open for days."""
    closed = {"kind": set(Kind), "side": set(Side), "outcome": set(Outcome), "province": {*Province, "-"}, "gate": set(gates())}
    for uid, board in boards.items():
        queries = json.dumps(board.panels)
        for variable, options in board.options.items():
            assert {value for value, _ in options} == closed.get(variable, {"persons", "vehicles"}), uid
            assert all(text != value for value, text in options)
            assert f"${{{variable}:sqlstring}}" in queries
