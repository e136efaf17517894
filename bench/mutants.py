"""Mutation testing: is there a test for every number, comparison and exception of the rules, and of the marker parser?

Each mutant is one small change of one module: a number one more or less, a comparison, condition or exception turned over, an outcome
exchanged. It is tried in a forked process, in which that module is imported as changed, by the unit tests that should notice. A mutant that
all of them pass has survived. `mutants.toml` names those that change nothing, each with the reason. The exit code is 1 if any other survives,
or if that table names what is no survivor.

    python -m bench.mutants [rules|markers …] [--only PART OF A PATH]
"""

# Why no kept tool does this: mutmut 3.8 changes the bodies of functions only, and 50 of the rules' 210 mutants and 37 of the markers' 408 are limits,
# sets and outcomes at the level of a module. cosmic-ray 8.7 changes those too, but in the source file itself, with a new pytest process for each.
# Neither exchanges outcomes, drops members of sets or keeps the reasons of survivors; mutatest tries a random sample.

import argparse
import ast
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import os
import re
import resource
import sys
import time
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
ACCEPTED = ROOT / "bench" / "mutants.toml"
PATIENCE_S = 60
"""A mutant that runs longer is in a loop and counts as noticed. In CPU time, since the machine is shared."""
MEMORY_B = 2_000_000_000
"""A mutant that needs more counts as noticed too."""
NO_DECISIONS = frozenset({"fixtures", "runbook", "exceptions", "title", "scene", "ends", "says"})
"""Arguments of a rule that are words or tests, not decisions."""
AROUND = 80
"""Characters shown on either side of a change."""
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
    """The modules to mutate, and the tests that should notice."""

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
        loaded=("schemas.validation", "schemas.verdicts"),
    ),
    "markers": Suite(
        files=("border/marker*.py",),
        left_out=(),
        tests=("tests/unit/test_marker_edges.py", "tests/unit/test_markers.py", "tests/unit/test_marker_laws.py"),
        loaded=(),
    ),
}
_QUIETLY = ("-x", "-q", "--no-header", "--tb=no", "--assert=plain", "-p", "no:cacheprovider")
ALWAYS_LOADED = (
    "pytest",
    "hypothesis",
    "hypothesis.strategies",
    "pydantic",
    "msgspec",
    "pytest_timeout",
    "platformdirs",
    "xml.etree.ElementTree",
    "pdb",
    "_pytest.junitxml",
    "_pytest.unittest",
    "_pytest.skipping",
    "_pytest.unraisableexception",
    "_pytest.threadexception",
)
"""Modules that pytest and our modules import, whatever is mutated: imported once, before forking."""


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

    @property
    def name(self) -> tuple[str, str]:
        """What `mutants.toml` calls it, wherever its line moves."""
        return str(self.path.relative_to(ROOT)), self.what


def mutants(path: Path) -> Iterator[Mutant]:
    """Every mutant of a module."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    unchanged = ast.unparse(tree)
    for node, name, value in _sites(tree):
        before = getattr(node, name)
        setattr(node, name, value)
        changed = ast.unparse(tree)
        setattr(node, name, before)
        yield Mutant(path, node.lineno, _what(unchanged, changed), changed)


def _what(unchanged: str, changed: str) -> str:
    """The changed line, before and after; of a long line only the text around the change."""
    old, new = next(pair for pair in zip(unchanged.splitlines(), changed.splitlines(), strict=False) if pair[0] != pair[1])
    at = next((place for place, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    return "  ->  ".join(line[max(0, at - AROUND) : at + AROUND].strip() for line in (old, new))


Site = tuple[Any, str, Any]
"""A node of a tree, its attribute to change, and the other value."""


def _sites(tree: ast.AST) -> Iterator[Site]:
    """Every change of a tree."""
    for child in ast.iter_child_nodes(tree):
        if _decides(child):
            yield from _changes(child)
            yield from _sites(child)


def _decides(node: ast.AST) -> bool:
    """Whether a part of a module decides anything: words, tests and declarations of types do not."""
    if isinstance(node, ast.keyword) and node.arg in NO_DECISIONS:
        return False
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"Label", "TypeVar", "dataclass"}:
        return False
    if isinstance(node, ast.Assign | ast.AnnAssign):
        target = node.targets[0] if isinstance(node, ast.Assign) else node.target
        return not (isinstance(target, ast.Name) and target.id in {"ENDS", "SCENE", "STAYED", "_HOUSE", "EXCEPTIONS", "ASKING"})
    return not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))


def _changes(node: Any) -> Iterator[Site]:  # noqa: C901  # a case for each kind of node
    match node:
        case ast.Constant(value=bool(value)):
            yield (node, "value", not value)
        case ast.Constant(value=int(value) | float(value)):
            yield (node, "value", value + 1)
            yield (node, "value", value - 1)
        case ast.Constant(value=str(value)) if _LIMIT.search(value):
            yield (node, "value", _LIMIT.sub(lambda limit: str(int(limit[0]) + 1), value, count=1))
        case ast.Compare():
            for place, operator in enumerate(node.ops):
                if type(operator) in TURNED:
                    turned = [*node.ops]
                    turned[place] = TURNED[type(operator)]()
                    yield (node, "ops", turned)
        case ast.BoolOp():
            yield (node, "op", ast.Or() if isinstance(node.op, ast.And) else ast.And())
        case ast.UnaryOp(op=ast.Not()):
            yield (node, "operand", ast.UnaryOp(ast.Not(), node.operand))
        case ast.IfExp() | ast.If() | ast.While() if not _turns(node.test):
            yield (node, "test", ast.UnaryOp(ast.Not(), node.test))
        case ast.Attribute(value=ast.Name(id="Outcome")) if node.attr in EXCHANGED:
            yield (node, "attr", EXCHANGED[node.attr])
        case ast.Set():
            for place in range(len(node.elts)):
                yield (node, "elts", [*node.elts[:place], *node.elts[place + 1 :]])


def _turns(test: ast.expr) -> bool:
    """Whether a change of the condition itself is already its opposite."""
    match test:
        case ast.UnaryOp(op=ast.Not()):
            return True
        case ast.Compare(ops=[ast.Eq() | ast.NotEq() | ast.In() | ast.NotIn() | ast.Is() | ast.IsNot()]):
            return True
    return False


class _Changed(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports one module from another source."""

    def __init__(self, mutant: Mutant) -> None:
        self._mutant = mutant

    def find_spec(self, name: str, path: object = None, target: object = None) -> importlib.machinery.ModuleSpec | None:  # noqa: ARG002  # the shape of a finder
        if name != self._mutant.module:
            return None
        return importlib.util.spec_from_file_location(name, self._mutant.path, loader=self)

    def exec_module(self, module: Any) -> None:
        exec(compile(self._mutant.source, str(self._mutant.path), "exec"), module.__dict__)  # noqa: S102  # a mutant of our own module


def survives(mutant: Mutant | None, suite: Suite) -> bool:
    """Whether all tests pass in a process of its own that has the mutant; without one, whether they pass at all."""
    child = os.fork()
    if not child:
        _try(mutant, suite)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def _try(mutant: Mutant | None, suite: Suite) -> None:
    import pytest  # noqa: PLC0415  # after the fork, so that it is as new

    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    os.dup2(1, 2)
    resource.setrlimit(resource.RLIMIT_CPU, (PATIENCE_S, PATIENCE_S))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_B, MEMORY_B))
    if mutant is not None:
        sys.meta_path.insert(0, _Changed(mutant))
    code = 1
    try:
        code = int(pytest.main([*_QUIETLY, *suite.tests]))
    finally:
        os._exit(code)  # whatever the tests left behind, it ends here


def run(name: str, only: str | None) -> int:
    """Try every mutant of a suite. Prints and counts the unexplained survivors and the explained mutants that did not survive."""
    suite = SUITES[name]
    paths = sorted(path for pattern in suite.files for path in ROOT.glob(pattern) if path.name not in suite.left_out)
    paths = [path for path in paths if only is None or only in str(path.relative_to(ROOT))]
    for module in (*ALWAYS_LOADED, *suite.loaded):
        importlib.import_module(module)
    unchanged = [Mutant(path, 0, "unchanged", ast.unparse(ast.parse(path.read_text(encoding="utf-8")))) for path in paths[:1]]
    if not all(survives(control, suite) for control in (None, *unchanged)):
        sys.exit(f"{name}: the tests fail without any mutant")
    explained = [entry for entry in accepted(name) if only is None or only in entry[0]]
    began, tried, wrong, alive = time.monotonic(), 0, 0, Counter[tuple[str, str]]()
    for mutant in (mutant for path in paths for mutant in mutants(path)):
        tried += 1
        if survives(mutant, suite):
            alive[mutant.name] += 1
            if mutant.name not in explained:
                wrong += 1
                print(f"survived {mutant.name[0]}:{mutant.line}: {mutant.what}", flush=True)
    for entry in explained:
        if alive[entry] != 1:
            wrong += 1
            print(f"{ACCEPTED.name} is stale, {alive[entry]} survived: {entry[0]}: {entry[1]}", flush=True)
    print(f"{name}: {tried} mutants, {alive.total()} survived, {len(explained)} explained, {time.monotonic() - began:.0f} s", flush=True)
    return wrong


def accepted(suite: str) -> list[tuple[str, str]]:
    """Names of the mutants of a suite that are known to change nothing: those with a reason."""
    table = tomllib.loads(ACCEPTED.read_text(encoding="utf-8"))
    return [(entry["path"], entry["what"]) for entry in table.get(suite, ()) if entry["why"]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("suites", nargs="*", help=", ".join(SUITES))
    parser.add_argument("--only", help="mutate only modules whose path holds this")
    given = parser.parse_args()
    os.chdir(ROOT)
    sys.path.insert(0, str(ROOT))
    wrong = 0
    for name in given.suites or SUITES:
        child = os.fork()  # a suite each: what one has imported, the next may mutate
        if not child:
            os._exit(min(run(name, given.only), 100))
        wrong += os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
