"""`mocgioi report`: the periodic reports. A module of `mocgioi.commands.reporting` a command."""

import importlib

import typer

_COMMANDS: tuple[str, ...] = ("build", "trace", "issue", "issued", "levels", "due", "run_due", "figures", "audit", "read")

report = typer.Typer(help="Báo cáo định kỳ · the periodic reports.", no_args_is_help=True)

for _name in _COMMANDS:
    importlib.import_module(f"mocgioi.commands.reporting.{_name}").add_to(report)


def add_to(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.add_typer(report, name="report")
