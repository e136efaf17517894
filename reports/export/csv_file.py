"""An export as CSV: one comment line that says how much follows and its checksum, then the canonical text."""

import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from reports.export.columns import Table
from reports.export.text import Canonical, Row

if TYPE_CHECKING:
    from _typeshed import SupportsWrite

_IN_MEMORY = 1 << 20


def write_csv(
    out: "SupportsWrite[bytes]", table: Table, batches: Iterable[Sequence[Row]], scope: Mapping[str, str], *, raw: bool = False
) -> Canonical:
    """Write it all. What is written first is known last, so the lines wait in a temporary file."""
    canonical = Canonical(table, raw=raw)
    with tempfile.SpooledTemporaryFile(_IN_MEMORY) as lines:
        lines.write(canonical.heading)
        for batch in batches:
            lines.write(canonical.lines(batch))
        out.write(f"# {first_line(table, canonical, scope)}\n".encode())
        lines.seek(0)
        shutil.copyfileobj(lines, out, _IN_MEMORY)
    return canonical


def first_line(table: Table, canonical: Canonical, scope: Mapping[str, str]) -> str:
    """What the file is: `mocgioi export incidents; as_of=…; rows=…; sha256=…; unit=…`."""
    chosen = dict(scope)
    facts = {"as_of": chosen.pop("as_of"), "rows": str(canonical.rows), "sha256": canonical.sha256} | chosen
    if canonical.raw:
        facts["raw"] = "yes"
    return "; ".join([f"mocgioi export {table.name}", *(f"{name}={value}" for name, value in facts.items())])
