"""Measure the work over the whole history, in this tree and in the commit before: `make bench`. It has no bar.

Each tree records the same incidents of ten years, one in ten corrected once, with its own code into its own database on one server. Then
the trees take turns: `mocgioi rejudge` as a preview, the same appended, `mocgioi db rebuild`, and the recount under a report's audit.

    python -m bench.history [--quick] [--incidents N] [--rounds N]
"""

import argparse
import json
import os
import statistics
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import NamedTemporaryFile

from rich.console import Console
from rich.table import Table

from bench import trees
from bench.reports import incident_events
from bench.trees import Tree
from tests.support.postgres import running

STEPS = {"preview": "rejudge, preview", "append": "rejudge, append", "rebuild": "rebuild", "recount": "recount of ten years"}
"""In this order; all but `append`, which leaves nothing to append, are done again each round."""
Seconds = Mapping[str, Mapping[str, Sequence[float]]]
"""By step and tree."""


def main() -> int:
    """Fill both records, measure, print."""
    options = _options()
    progress = Console(stderr=True)
    with ExitStack() as stack:
        before = stack.enter_context(trees.before())
        databases = stack.enter_context(running())
        file = stack.enter_context(NamedTemporaryFile("w", suffix=".jsonl"))
        file.writelines(json.dumps(event, ensure_ascii=False) + "\n" for event in incident_events(options.incidents))
        file.flush()
        measured = {name: tree for name, tree in (("before", before), ("ours", trees.HERE)) if tree is not None}
        urls = {name: tree.migrated(databases) for name, tree in measured.items()}
        for name, tree in measured.items():
            progress.print(f"[dim]filling, {name}: {options.incidents:,} incidents", highlight=False)
            _do("fill", tree, urls[name], file.name)
        seconds: dict[str, dict[str, list[float]]] = {step: {name: [] for name in measured} for step in STEPS}
        for step in STEPS:
            for _ in range(1 if step == "append" else options.rounds):
                for name, tree in measured.items():
                    took, incidents = _do(step, tree, urls[name]).split()
                    if int(incidents) != options.incidents:
                        raise RuntimeError(f"{step}, {name}: {incidents} incidents")
                    seconds[step][name].append(float(took))
                    progress.print(f"[dim]{step}, {name}: {seconds[step][name][-1]:.2f} s", highlight=False)
    show(seconds, f"{options.incidents:,} incidents", Console())
    if before is None:
        print(trees.left_out())
    return 0


def show(seconds: Seconds, title: str, console: Console) -> None:
    """Print the medians of the rounds."""
    table = Table("what", "before, s", "ours, s", "times as fast", title=title)
    for column in table.columns[1:]:
        column.justify = "right"
    for step, by_tree in seconds.items():
        medians = {name: statistics.median(runs) for name, runs in by_tree.items()}
        before, ours = medians.get("before"), medians["ours"]
        table.add_row(STEPS[step], f"{before:.2f}" if before else "", f"{ours:.2f}", f"{before / ours:.2f}" if before else "")
    console.print(table)


def _do(step: str, tree: Tree, *arguments: str) -> str:
    """Run a step in a process of its tree, and return what it printed."""
    command = [tree.python, "-P", str(Path(__file__).with_name("history_steps.py")), step, *arguments]
    environment = os.environ | {"PYTHONPATH": str(tree.folder)}
    return subprocess.run(command, cwd=tree.folder, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.history", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--incidents", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--quick", action="store_true", help="little data, one round: does it still run?")
    options = parser.parse_args()
    if options.quick:
        options.incidents, options.rounds = 200, 1
    return options


if __name__ == "__main__":
    raise SystemExit(main())
