"""An export as CSV: a comment line with scope, row count and checksum, then the canonical text."""

import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from reports.export.columns import Dataset
from reports.export.text import Canonical, CsvLines, Values
from reports.spreadsheet import BOM, Dialect, csv_lines

if TYPE_CHECKING:
    from _typeshed import SupportsWrite

_IN_MEMORY = 1 << 20


def write_csv(
    out: "SupportsWrite[bytes]",
    dataset: Dataset,
    batches: Iterable[Sequence[Values]],
    scope: Mapping[str, str],
    *,
    dialect: Dialect = Dialect.CSV,
    raw: bool = False,
) -> Canonical:
    """Write it all. The first line holds the checksum of the canonical text, which waits for it in a temporary file.

    Before it stands a byte-order mark, for Excel; not in a raw file, which is for programs.
    """
    canonical = Canonical(dataset, raw=raw)
    shown = CsvLines(dataset, dialect) if dialect is not Dialect.CSV else None
    with tempfile.SpooledTemporaryFile(_IN_MEMORY) as lines:
        lines.write((shown or canonical).heading)
        for batch in batches:
            as_counted = canonical.lines(batch)
            lines.write(shown.lines(batch) if shown else as_counted)
        first = f"# {first_line(dataset, canonical, scope)}"
        out.write((b"" if raw else BOM) + (csv_lines([[first]], dialect) if shown else f"{first}\n".encode()))
        lines.seek(0)
        shutil.copyfileobj(lines, out, _IN_MEMORY)
    return canonical


def first_line(dataset: Dataset, canonical: Canonical, scope: Mapping[str, str]) -> str:
    """What the file is: `mocgioi export incidents; as_of=…; rows=…; sha256=…; unit=…`."""
    facts = {"as_of": scope["as_of"], "rows": str(canonical.rows), "sha256": canonical.sha256, **scope}
    if canonical.raw:
        facts["raw"] = "yes"
    return "; ".join([f"mocgioi export {dataset.name}", *(f"{name}={value}" for name, value in facts.items())])
