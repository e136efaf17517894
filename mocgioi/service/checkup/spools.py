"""The spools of this machine: whether every row in them can be read."""

from collections.abc import Iterator

from mocgioi.service.checkup.part_state import PartState, first_line
from mocgioi.service.settings import Settings
from mocgioi.service.spools import spool_paths
from posts.salvage import survey
from posts.spool_file import SpoolProblem


def look_at_spools(settings: Settings) -> Iterator[PartState]:
    """Check each spool."""
    for path in spool_paths(settings):
        part = f"hộp gửi · spool {path.name}"
        try:
            surveyed = survey(path)
        except SpoolProblem as problem:
            yield PartState(part, "unwell", first_line(problem), "mocgioi spool salvage")
            continue
        shown = f"{len(surveyed.sound)} dòng chờ · rows wait"
        if surveyed.needs_salvage:
            yield PartState(part, "unwell", f"{shown}, {len(surveyed.lost)} mất · lost", "mocgioi spool salvage")
        elif surveyed.damaged:
            yield PartState(part, "unwell", f"{shown}, {len(surveyed.damaged)} hỏng · damaged", "mocgioi spool check")
        else:
            yield PartState(part, "well", shown)
