"""The command `mocgioi`. Commands import what they need when they run, so that `--help` answers at once."""

import importlib
import itertools
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
import typer.core

if TYPE_CHECKING:
    from typer._click import Context, HelpFormatter

_HELP = "Mốc Giới: theo dõi sự việc biên giới Việt Nam - Trung Quốc · border incidents, judged by marker and side."
_COMMANDS = {
    "Bắt đầu · start here": ("demo",),
    "Đồn biên phòng · border posts": ("post", "import", "draft", "classify", "ingest", "marker", "gate", "gates", "province", "codebook"),
    "Trực ban · duty officers": ("duty", "incidents", "explain", "posts"),
    "Người làm báo cáo · report writers": ("report", "baseline", "export"),
    "Người vận hành · operators": (
        "serve",
        "devices",
        "users",
        "worker",
        "deadletter",
        "secret",
        "positions",
        "spool",
        "topics",
        "db",
        "doctor",
        "settings",
        "simulate",
    ),
    "Người viết quy tắc · rule writers": ("rules", "rejudge"),
}
"""The commands by who uses them. `gates` is made by the module of `gate`."""
_MODULES = {"import": "import_events"}
"""Of a command whose name is a word of Python."""
_INTERRUPTED = 130


class CommandsByUser(typer.core.TyperGroup):
    """The program, whose help lists the commands under those who use them."""

    def format_commands(self, ctx: "Context", formatter: "HelpFormatter") -> None:  # noqa: ARG002
        """Write one section a user."""
        width = max(map(len, self.commands))
        for user, names in _COMMANDS.items():
            with formatter.section(user):
                limit = formatter.width - width - 6
                formatter.write_dl([(name.ljust(width), self.commands[name].get_short_help_str(limit)) for name in names])


app = typer.Typer(
    name="mocgioi",
    cls=CommandsByUser,
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
    """Options of every command."""
    if config is not None:
        os.environ["MOCGIOI_CONFIG"] = str(config)


for _name in itertools.chain.from_iterable(_COMMANDS.values()):
    if _name != "gates":
        importlib.import_module(f"mocgioi.commands.{_MODULES.get(_name, _name)}").add_to(app)


def main() -> None:
    """Run a command; errors we know become one line and an exit code of the contract."""
    from mocgioi.views.output import trace, write_utf8

    write_utf8()
    sys.excepthook = trace
    try:
        code = _run()
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader of our results has closed the pipe. Python would complain once more when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    sys.exit(code)


def _run() -> int:
    from mocgioi.views.output import DONE, REFUSED, USAGE, problem

    try:
        code = app(standalone_mode=False) or DONE
    except typer.TyperException as wrong:
        _explain_usage(wrong)
        return USAGE
    except SystemExit as left:
        if isinstance(left.__context__, BrokenPipeError):  # typer exits with 1 here, which is our code for a refused input
            raise left.__context__ from None
        return left.code if isinstance(left.code, int) else REFUSED
    except Exception as error:  # an error that is not ours to explain is raised again
        answer = _answer_to(error)
        if answer is None:
            raise
        code, sentence, exit_code = answer
        problem(code, sentence)
        return exit_code
    if code == _INTERRUPTED:
        problem("interrupted", "dừng giữa chừng; chạy lại sẽ làm tiếp phần còn lại · stopped; run it again to do the rest")
    return int(code)


def _explain_usage(usage: typer.TyperException) -> None:
    """Print what is wrong with the command line and how to see its help; the help itself where no command was given."""
    from mocgioi.views.output import explain, problem

    context = getattr(usage, "ctx", None)
    sentence = " ".join(usage.format_message().split()).replace("Value error, ", "")
    if context is not None and usage.message == context.get_help():
        explain(usage.message)
        return
    problem("usage", f"{sentence} · xem · see: {context.command_path if context else 'mocgioi'} --help")


def _answer_to(error: Exception) -> tuple[str, str, int] | None:
    """The problem code, the sentence and the exit code of an error that a user can act on; None for any other."""
    from mocgioi.extras import ExtraMissing, extra_with
    from schemas.failures import REFUSED, UNREACHABLE, Failure, one_line

    if isinstance(error, ModuleNotFoundError) and error.name and (extra := extra_with(error.name)):
        error = ExtraMissing(extra, error.name)
    sentence = one_line(error)
    match error:
        case Failure():
            return error.code, error.sentence, error.exit_code
        case OSError() if _is_of_a_network(error):
            return "unreachable", f"không kết nối được · cannot be reached: {sentence}", UNREACHABLE
        case OSError(filename=str(name), strerror=str(why)):
            return "file", f"{name}: không đọc được hoặc không ghi được · cannot be read or written ({why})", REFUSED
        case OSError():
            return "system", f"hệ điều hành từ chối · the operating system refused: {sentence}", REFUSED
    return None


def _is_of_a_network(error: OSError) -> bool:
    """Whether a host, or the network on the way to it, does not answer. Some of these errors have no class of their own."""
    import errno
    import socket
    import ssl

    no_way = (errno.ENETUNREACH, errno.ENETDOWN, errno.EHOSTUNREACH, errno.EHOSTDOWN)
    return isinstance(error, ConnectionError | TimeoutError | socket.gaierror | ssl.SSLCertVerificationError) or error.errno in no_way
