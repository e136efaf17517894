"""The command `mocgioi`. Commands import what they need when they run, so that `--help` answers at once."""

import importlib
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

_HELP = "Mốc Giới: theo dõi sự việc biên giới Việt Nam - Trung Quốc · border incidents, judged by marker and side."
_COMMANDS = (
    *("demo", "marker", "gate", "province", "codebook", "draft", "classify", "rules", "explain", "rejudge"),
    *("ingest", "worker", "incidents", "report", "baseline", "export", "deadletter", "secret", "positions", "spool", "topics", "db"),
    *("doctor", "settings"),
)
_INTERRUPTED = 130
_AWAY = {
    "broker": "Kafka không trả lời · Kafka does not answer",
    "database": "cơ sở dữ liệu không trả lời · the database does not answer",
}

app = typer.Typer(
    name="mocgioi",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # rich's help costs a quarter of a second at each start
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        typer.echo(f"mocgioi {version('mocgioi')}")
        raise typer.Exit


@app.callback(help=_HELP)
def options(
    config: Annotated[
        Path | None,
        typer.Option("--config", metavar="FILE", help="tệp thiết lập, như MOCGIOI_CONFIG · the settings file, as MOCGIOI_CONFIG"),
    ] = None,
    version: Annotated[  # noqa: ARG001  # its callback prints it and leaves
        bool, typer.Option("--version", is_eager=True, callback=_version, help="phiên bản chương trình · the program's version")
    ] = False,
) -> None:
    """What may stand before every command."""
    if config is not None:
        os.environ["MOCGIOI_CONFIG"] = str(config)


for _name in _COMMANDS:
    importlib.import_module(f"mocgioi.commands.{_name}").add_to(app)


def main() -> None:
    """Run a command; errors we know become one line and an exit code of the contract."""
    from mocgioi.views.output import trace, write_utf8

    write_utf8()
    sys.excepthook = trace
    try:
        code = _run()
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read our results has enough of them. Python would complain once more when it flushes at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    sys.exit(code)


def _run() -> int:
    from mocgioi.views.output import DONE, REFUSED, USAGE, problem

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
        known = _known(error)
        if known is None:
            raise
        code, sentence, exit_code = known
        problem(code, sentence)
        return exit_code
    if code == _INTERRUPTED:
        problem("interrupted", "dừng giữa chừng; chạy lại sẽ làm tiếp phần còn lại · stopped; run it again to do the rest")
    return int(code)


def _explain(wrong: typer.TyperException) -> None:
    """Say what is wrong with a command line, and who can tell more; the help itself where nothing was said at all."""
    from mocgioi.views.output import explain, problem

    context = getattr(wrong, "ctx", None)
    told = " ".join(wrong.format_message().split()).replace("Value error, ", "")
    if context is not None and wrong.message == context.get_help():
        explain(wrong.message)
        return
    problem("usage", f"{told} · xem · see: {context.command_path if context else 'mocgioi'} --help")


def _known(error: Exception) -> tuple[str, str, int] | None:
    """Of an error a user can act on: its problem code, a sentence, and the exit code."""
    from mocgioi.extras import ExtraMissing, extra_with
    from schemas.failures import REFUSED, UNREACHABLE, Failure
    from schemas.records import Unavailable

    if isinstance(error, ModuleNotFoundError) and error.name and (extra := extra_with(error.name)):
        error = ExtraMissing(extra, error.name)
    sentence = " ".join([*str(error).split(), *getattr(error, "__notes__", [])])
    match error:
        case Unavailable():
            return f"{error.part}_unavailable", f"{_AWAY[error.part]}: {sentence}", UNREACHABLE
        case Failure():
            return error.code, sentence, error.exit_code
        case OSError() if _is_of_a_network(error):
            return "unreachable", f"không kết nối được · cannot be reached: {sentence}", UNREACHABLE
        case OSError(filename=str(name), strerror=str(why)):
            return "file", f"{name}: không đọc được hoặc không ghi được · cannot be read or written ({why})", REFUSED
        case OSError():
            return "system", f"hệ điều hành từ chối · the operating system refused: {sentence}", REFUSED
    return None


def _is_of_a_network(error: OSError) -> bool:
    """Whether a peer or the way to it is away: `ConnectionError`, `TimeoutError`, and what has no class of its own."""
    import errno
    import socket
    import ssl

    no_way = (errno.ENETUNREACH, errno.ENETDOWN, errno.EHOSTUNREACH, errno.EHOSTDOWN)
    return isinstance(error, ConnectionError | TimeoutError | socket.gaierror | ssl.SSLCertVerificationError) or error.errno in no_way
