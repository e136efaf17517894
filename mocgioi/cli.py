"""The command `mocgioi`. Commands import what they need when they run, so that `--help` answers at once."""

import importlib
import sys

import typer

app = typer.Typer(
    name="mocgioi",
    help="Mốc Giới: theo dõi sự việc biên giới Việt Nam - Trung Quốc · border incidents, judged by marker and side.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

for _name in ("demo", "marker", "classify", "ingest", "worker", "incidents", "deadletter", "topics", "db", "doctor", "settings"):
    importlib.import_module(f"mocgioi.commands.{_name}").add_to(app)


def main() -> None:
    """Run a command; errors we know become one line and an exit code of the contract."""
    from mocgioi.output import REFUSED, UNREACHABLE, fail

    try:
        app()
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except Exception as error:
        told = _known(error)
        if told is None:
            raise
        code, unreachable = told
        fail(code, str(error), UNREACHABLE if unreachable else REFUSED)


def _known(error: Exception) -> tuple[str, bool] | None:
    """The problem code of an error a user can act on, and whether it means that a service is not reachable."""
    from mocgioi.settings import SettingsProblem
    from schemas.records import PositionLost, Unavailable

    match error:
        case SettingsProblem():
            return "settings", False
        case Unavailable():
            return f"{error.part}_unavailable", True
        case PositionLost():
            return "position_lost", False
    names = {
        "NotMigrated": ("not_migrated", False),
        "PipelineStopped": ("stopped", False),
        "ServerProblem": ("database_unavailable", True),
        "TopicRefused": ("topic_refused", False),
    }
    return names.get(type(error).__name__)
