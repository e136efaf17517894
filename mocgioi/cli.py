"""The command `mocgioi`. Commands import what they need when they run, so that `--help` answers at once."""

import importlib
import os
import sys

import typer

_HELP = "Mốc Giới: theo dõi sự việc biên giới Việt Nam - Trung Quốc · border incidents, judged by marker and side."
_COMMANDS = (
    *("demo", "marker", "gate", "province", "codebook", "draft", "classify", "rules", "explain", "rejudge"),
    *("ingest", "worker", "incidents", "report", "baseline", "export", "deadletter", "topics", "db", "doctor", "settings"),
)
_INTERRUPTED = 130
_AWAY = {
    "broker": "Kafka không trả lời · Kafka does not answer",
    "database": "cơ sở dữ liệu không trả lời · the database does not answer",
}

app = typer.Typer(
    name="mocgioi",
    help=_HELP,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # rich's help costs a quarter of a second at each start
    context_settings={"help_option_names": ["-h", "--help"]},
)

for _name in _COMMANDS:
    importlib.import_module(f"mocgioi.commands.{_name}").add_to(app)


def main() -> None:
    """Run a command; errors we know become one line and an exit code of the contract."""
    try:
        code = _run()
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read our results has enough of them. Python would complain once more when it flushes at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    sys.exit(code)


def _run() -> int:
    from mocgioi.output import DONE, REFUSED, USAGE, problem

    try:
        code = app(standalone_mode=False) or DONE
    except typer.TyperException as wrong:
        _explain(wrong)
        return USAGE
    except SystemExit as left:
        if isinstance(left.__context__, BrokenPipeError):  # typer's word for it is 1, which is ours for a refused input
            raise left.__context__ from None
        return left.code if isinstance(left.code, int) else REFUSED
    except Exception as error:
        told = _known(error)
        if told is None:
            raise
        problem(*told[:2])
        return told[2]
    if code == _INTERRUPTED:
        problem("interrupted", "dừng giữa chừng; chạy lại sẽ làm tiếp phần còn lại · stopped; run it again to do the rest")
    return int(code)


def _explain(wrong: typer.TyperException) -> None:
    """Say what is wrong with a command line, and who can tell more; the help itself where nothing was said at all."""
    from mocgioi.output import problem

    context = getattr(wrong, "ctx", None)
    told = " ".join(wrong.format_message().split()).replace("Value error, ", "")
    if context is not None and wrong.message == context.get_help():
        print(wrong.message, file=sys.stderr)  # noqa: T201
        return
    problem("usage", f"{told} · xem · see: {context.command_path if context else 'mocgioi'} --help")


def _known(error: Exception) -> tuple[str, str, int] | None:
    """Of an error a user can act on: its problem code, a sentence, and the exit code."""
    from mocgioi.output import REFUSED, UNREACHABLE, USAGE
    from mocgioi.settings import SettingsProblem
    from schemas.records import PositionLost, Unavailable

    told = " ".join([*str(error).split(), *getattr(error, "__notes__", [])])
    match error:
        case SettingsProblem():
            return "settings", told, USAGE
        case Unavailable():
            return f"{error.part}_unavailable", f"{_AWAY[error.part]}: {told}", UNREACHABLE
        case PositionLost():
            return "position_lost", told, REFUSED
        case OSError(filename=str(name), strerror=str(why)):
            return "file", f"{name}: không đọc được hoặc không ghi được · cannot be read or written ({why})", REFUSED
        case OSError():
            return "file", told, REFUSED
    names = {
        "NotMigrated": ("not_migrated", REFUSED),
        "RuleCrash": ("rule_crash", REFUSED),
        "UnknownPack": ("pack", USAGE),
        "PipelineStopped": ("stopped", REFUSED),
        "ServerProblem": ("database_unavailable", UNREACHABLE),
        "SpoolProblem": ("spool", REFUSED),
        "TopicRefused": ("topic_refused", REFUSED),
        "AlreadyRunning": ("running", REFUSED),
    }
    code, exit_code = names.get(type(error).__name__, ("", 0))
    return (code, told, exit_code) if code else None
