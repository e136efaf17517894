"""The boards and alerts as files: the same bytes each time, so that a change of a board is a change that one can read."""

from pathlib import Path

from grafana_foundation_sdk.cog.encoder import JSONEncoder

from deploy.grafana.boards.alerts import rules
from deploy.grafana.boards.border import border_board
from deploy.grafana.boards.duty import duty_board
from deploy.grafana.boards.gates import gates_board
from deploy.grafana.boards.system import system_board

PROVISIONING = Path(__file__).parents[1] / "provisioning"


def files() -> dict[str, str]:
    """The content of each file, by its path below `PROVISIONING`. Panels are numbered, or Grafana would number them at every save."""
    written = {"alerting/rules.yml": rules()}
    for builder in (border_board(), duty_board(), gates_board(), system_board()):
        board = builder.build()
        for number, panel in enumerate(board.panels or [], start=1):
            panel.id_val = number
        written[f"dashboards/{board.uid}.json"] = JSONEncoder(sort_keys=True, indent=1, ensure_ascii=False).encode(board) + "\n"
    return written
