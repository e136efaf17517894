"""An export as Parquet: typed columns, real lists, scope and checksum as key-value metadata."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from reports.export.columns import Dataset, Type
from reports.export.text import Canonical, Values

_MOMENT = pa.timestamp("us", tz="+07:00")
_TYPES: Mapping[Type, Any] = {
    Type.TEXT: pa.string(),
    Type.TEXTS: pa.list_(pa.string()),
    Type.WHOLE: pa.int64(),
    Type.WHOLES: pa.list_(pa.int64()),
    Type.NUMBER: pa.float64(),
    Type.FLAG: pa.bool_(),
    Type.MOMENT: _MOMENT,
    Type.STAMP: _MOMENT,
}
"""Numbers are doubles, as they were stated: no count is beyond 1e15."""


def schema_of(dataset: Dataset) -> Any:
    """The columns as Arrow knows them; each carries its Vietnamese label and meaning."""
    return pa.schema(
        [
            pa.field(column.name, _TYPES[column.type], metadata={"label": column.label, "meaning": column.meaning})
            for column in dataset.columns
        ]
    )


def write_parquet(path: Path, dataset: Dataset, batches: Iterable[Sequence[Values]], scope: Mapping[str, str]) -> Canonical:
    """Write it all, a batch a row group. Metadata keys are `mocgioi.export`, `mocgioi.rows`, `mocgioi.sha256`, `mocgioi.as_of`, ….

    The bytes depend on the library's version, which writes its name into the file; the contents, and so the checksum, do not.
    """
    canonical, schema = Canonical(dataset), schema_of(dataset)
    with pq.ParquetWriter(path, schema, version="2.6", compression="zstd", write_page_index=False) as writer:
        for batch in batches:
            canonical.lines(batch)
            writer.write_batch(_record_batch(schema, dataset, batch))
        facts = {"export": dataset.name, "rows": str(canonical.rows), "sha256": canonical.sha256, **scope}
        writer.add_key_value_metadata({f"mocgioi.{name}": value for name, value in facts.items()})
    return canonical


def _record_batch(schema: Any, dataset: Dataset, batch: Sequence[Values]) -> Any:
    columns = zip(*batch, strict=True)
    arrays = []
    for column, values in zip(dataset.columns, columns, strict=True):
        cells = [None if value is None else float(value) for value in values] if column.type is Type.NUMBER else values
        arrays.append(pa.array(cells, _TYPES[column.type]))
    return pa.record_batch(arrays, schema=schema)
