"""`mocgioi post`: what a border post does on its own machine. A module of `mocgioi.commands.posting` a command."""

import importlib

import typer

_COMMANDS = ("enrol", "report", "update", "retract", "nil", "crossing", "status", "send")

post = typer.Typer(
    help="Báo cáo của đồn biên phòng: làm được cả khi mất mạng · a post's reports, also with the line down.",
    short_help="Báo cáo của đồn · a post's reports",
    no_args_is_help=True,
)

for _name in _COMMANDS:
    importlib.import_module(f"mocgioi.commands.posting.{_name}").add_to(post)


def add_to(app: typer.Typer) -> None:
    """Hang the commands under the program."""
    app.add_typer(post, name="post")
