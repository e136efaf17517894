"""Mutation testing: is there a test for every number, comparison and exception of the rules, and of the marker parser?

Each mutant is one small change of one module: a number one more or less, a comparison, condition or exception turned over, an outcome
exchanged. It is tried in a forked process, in which that module is imported as changed, by the unit tests that should notice. A mutant that
all of them pass has survived: it is reported with its line, and the exit code is 1.

    python -m bench.mutants [rules|markers …] [--only PART OF A PATH]
"""

import argparse
import ast
import copy
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import os
import re
import signal
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
PATIENCE_S = 120
"""A mutant that runs longer loops: that is noticed."""
TOLD_ELSEWHERE = frozenset({"fixtures", "runbook", "exceptions", "title", "scene", "ends", "says"})
"""Arguments of a rule that are words or tests, not decisions."""
EXCHANGED = {
    "BREACH": "NO_BREACH",
    "NO_BREACH": "BREACH",
    "EXEMPT": "BREACH",
    "BORDER_EVENT": "BREACH",
    "NOT_APPLICABLE": "BREACH",
    "NEEDS_FACTS": "BREACH",
}
TURNED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
_LIMIT = re.compile(r"(?<=[<>]= )\d+")


@dataclass(frozen=True, slots=True)
class Suite:
    """What is mutated, and who should notice."""

    files: tuple[str, ...]
    left_out: tuple[str, ...]
    tests: tuple[str, ...]
    loaded: tuple[str, ...]
    """Modules imported before forking: none that is mutated or imports one."""


SUITES = {
    "rules": Suite(
        files=("agreement/rules/**/*.py",),
        left_out=("fixture.py", "steps.py", "table.py", "__init__.py"),
        tests=("tests/unit/test_rules.py", "tests/unit/test_judge.py", "tests/unit/test_sentences.py"),
        loaded=("schemas.doorway", "schemas.verdicts"),
    ),
    "markers": Suite(
        files=("schemas/marker*.py",),
        left_out=(),
        tests=("tests/unit/test_marker_edges.py", "tests/unit/test_markers.py", "tests/unit/test_marker_laws.py"),
        loaded=(),
    ),
}
_QUIETLY = ("-x", "-q", "--no-header", "--tb=no", "-p", "no:cacheprovider", "-W", "ignore::pytest.PytestAssertRewriteWarning")
ALWAYS_LOADED = ("pytest", "hypothesis", "pydantic", "msgspec", "_pytest.assertion.rewrite", "pytest_timeout")


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change of one module."""

    path: Path
    line: int
    what: str
    source: str

    @property
    def module(self) -> str:
        return ".".join(self.path.relative_to(ROOT).with_suffix("").parts)


def mutants(path: Path) -> Iterator[Mutant]:
    """Every mutant of a module."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for number, (line, what, _) in enumerate(_sites(tree)):
        changed = copy.deepcopy(tree)
        _, _, change = list(_sites(changed))[number]
        change()
        yield Mutant(path, line, what, ast.unparse(ast.fix_missing_locations(changed)))


Site = tuple[int, str, Callable[[], None]]


def _sites(tree: ast.AST) -> Iterator[Site]:
    """Line, description and the change itself, for each place of a tree that can be changed; always in the same order."""
    for child in ast.iter_child_nodes(tree):
        if _decides(child):
            yield from _changes(child)
            yield from _sites(child)


def _decides(node: ast.AST) -> bool:
    """Whether a part of a module decides anything: words, tests and declarations of types do not."""
    if isinstance(node, ast.keyword) and node.arg in TOLD_ELSEWHERE:
        return False
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"Label", "TypeVar", "dataclass"}:
        return False
    if isinstance(node, ast.Assign | ast.AnnAssign):
        target = node.targets[0] if isinstance(node, ast.Assign) else node.target
        return not (isinstance(target, ast.Name) and target.id in {"ENDS", "SCENE", "STAYED", "_HOUSE", "EXCEPTIONS", "ASKING"})
    return not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))


def _changes(node: Any) -> Iterator[Site]:  # noqa: C901  # a case for each kind of node
    match node:
        case ast.Constant(value=bool()):
            yield _set(node, "value", not node.value)
        case ast.Constant(value=int() | float()):
            yield _set(node, "value", node.value + 1)
            yield _set(node, "value", node.value - 1)
        case ast.Constant(value=str()) if _LIMIT.search(node.value):
            yield _set(node, "value", _LIMIT.sub(lambda found: str(int(found[0]) + 1), node.value, count=1))
        case ast.Compare():
            for place, operator in enumerate(node.ops):
                if type(operator) in TURNED:
                    turned = [*node.ops]
                    turned[place] = TURNED[type(operator)]()
                    yield _set(node, "ops", turned)
        case ast.BoolOp():
            yield _set(node, "op", ast.Or() if isinstance(node.op, ast.And) else ast.And())
        case ast.UnaryOp(op=ast.Not()):
            yield _set(node, "operand", ast.UnaryOp(ast.Not(), node.operand))
        case ast.IfExp() | ast.If() | ast.While():
            yield _set(node, "test", ast.UnaryOp(ast.Not(), node.test))
        case ast.Attribute(value=ast.Name(id="Outcome")) if node.attr in EXCHANGED:
            yield _set(node, "attr", EXCHANGED[node.attr])
        case ast.Set():
            for place in range(len(node.elts)):
                yield _set(node, "elts", [*node.elts[:place], *node.elts[place + 1 :]])


def _set(node: Any, name: str, value: Any) -> Site:
    before = ast.unparse(node)
    trial = copy.copy(node)
    setattr(trial, name, value)
    after = ast.unparse(ast.fix_missing_locations(copy.deepcopy(trial)))
    return node.lineno, f"{before}  ->  {after}", lambda: setattr(node, name, value)


class _Changed(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports one module from another source."""

    def __init__(self, mutant: Mutant) -> None:
        self._mutant = mutant

    def find_spec(self, name: str, path: object = None, target: object = None) -> importlib.machinery.ModuleSpec | None:  # noqa: ARG002  # the shape of a finder
        if name != self._mutant.module:
            return None
        return importlib.util.spec_from_file_location(name, self._mutant.path, loader=self)  # type: ignore[arg-type]

    def exec_module(self, module: Any) -> None:
        exec(compile(self._mutant.source, str(self._mutant.path), "exec"), module.__dict__)  # noqa: S102  # a mutant of our own module


def survives(mutant: Mutant | None, suite: Suite) -> bool:
    """Whether all tests pass in a process of its own that has the mutant; without one, whether they pass at all."""
    child = os.fork()
    if not child:
        _try(mutant, suite)
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status) == 0
        time.sleep(0.01)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return False


def _try(mutant: Mutant | None, suite: Suite) -> None:
    import pytest  # noqa: PLC0415  # after the fork, so that it is as new

    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    os.dup2(1, 2)
    if mutant is not None:
        sys.meta_path.insert(0, _Changed(mutant))
    code = 1
    try:
        code = int(pytest.main([*_QUIETLY, *suite.tests]))
    finally:
        os._exit(code)  # whatever the tests left behind, it ends here


def run(name: str, only: str | None) -> int:
    """Try every mutant of a suite; prints those that survive and returns how many."""
    suite = SUITES[name]
    paths = sorted(path for pattern in suite.files for path in ROOT.glob(pattern) if path.name not in suite.left_out)
    chosen = [mutant for path in paths if only is None or only in str(path) for mutant in mutants(path)]
    for module in (*ALWAYS_LOADED, *suite.loaded):
        importlib.import_module(module)
    unchanged = [Mutant(path, 0, "unchanged", ast.unparse(ast.parse(path.read_text(encoding="utf-8")))) for path in paths[:1]]
    if not all(survives(control, suite) for control in (None, *unchanged)):
        sys.exit(f"{name}: the tests fail without any mutant")
    began, alive = time.monotonic(), 0
    for mutant in chosen:
        if survives(mutant, suite):
            alive += 1
            print(f"survived {mutant.path.relative_to(ROOT)}:{mutant.line}: {mutant.what}", flush=True)
    print(f"{name}: {len(chosen)} mutants, {alive} survived, {time.monotonic() - began:.0f} s", flush=True)
    return alive


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("suites", nargs="*", help=", ".join(SUITES))
    parser.add_argument("--only", help="mutate only modules whose path holds this")
    given = parser.parse_args()
    os.chdir(ROOT)
    sys.path.insert(0, str(ROOT))
    alive = 0
    for name in given.suites or SUITES:
        child = os.fork()  # a suite each: what one has imported, the next may mutate
        if not child:
            os._exit(min(run(name, given.only), 100))
        alive += os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    sys.exit(1 if alive else 0)


if __name__ == "__main__":
    main()
