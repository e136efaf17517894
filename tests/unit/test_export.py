"""Exports: stable columns, one content in three formats, its count and checksum inside, files whole or not there."""

import csv
import hashlib
import io
import os
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.parquet as pq
import pytest

from agreement.figure_families import FAMILIES
from agreement.periods import Period, Regime
from border.vietnam import HANOI
from reports.export import xlsx as export_xlsx
from reports.export.atomic_file import NoFile
from reports.export.codebook import codebook
from reports.export.columns import CROSSINGS, FIGURES, INCIDENTS, Dataset, DatasetColumn, Form, Type
from reports.export.export import BATCH, Export, scope_of, write_file, write_stream
from reports.export.record import Selection
from reports.export.text import Canonical, moment_text, number_text, stamp_text
from reports.spreadsheet import BOM, Dialect
from reports.units import unit_named
from schemas.codebook_entries import SETS

NOON = datetime(2025, 12, 28, 5, 0, tzinfo=UTC)
DATASETS = [INCIDENTS, CROSSINGS, FIGURES]
SCOPE = {"as_of": "2025-12-29T00:00:00.000001+07:00", "unit": "lang-son"}
PINNED = {
    "incidents": (
        "subject:text occurred:moment precision:text kind:text status:text side:text outcome:text machine_outcome:text assessed:boolean "
        "clauses:text_list article39:integer_list markers:text_list province:text district:text commune:text scheme:text gate:text "
        "sea_area:text direction:text persons:integer vehicles:integer boats:integer livestock:integer complete:boolean retracted:boolean "
        "rule_pack:text judge_version:integer version:integer recorded_at:stamp counts:boolean judge_failed:boolean"
    ),
    "crossings": (
        "gate:text direction:text interval_start:moment interval_end:moment what:text n:number unit:text nationality:text status:text "
        "source:text id:text position:integer stated_source:text stated_id:text recorded_at:stamp counts:boolean"
    ),
    "figures": (
        "unit:text regime:text period:text figure:text label:text value:number unit_of_value:text subjects:integer"
        " posts_whole:integer posts_part:integer posts_expected:integer"
    ),
}
"""What other people's programs rely on. A new column goes to the end; none is renamed, moved or changed in type."""
ARROW = {
    Type.TEXT: "string",
    Type.TEXTS: "list<element: string>",
    Type.WHOLE: "int64",
    Type.WHOLES: "list<element: int64>",
    Type.NUMBER: "double",
    Type.FLAG: "bool",
    Type.MOMENT: "timestamp[us, tz=+07:00]",
    Type.STAMP: "timestamp[us, tz=+07:00]",
}
SAMPLES: dict[Type, list[Any]] = {
    Type.TEXT: ["mốc; “1088/2”, phụ", '=HYPERLINK("http://x.example")', None],
    Type.TEXTS: [["1088/2", "1089"], [], ["21(1)"]],
    Type.WHOLE: [3, None, 0],
    Type.WHOLES: [[6, 9], [14], []],
    Type.NUMBER: [Decimal("1234.50"), Decimal("1E+3"), None],
    Type.FLAG: [True, False, True],
    Type.MOMENT: [NOON, NOON + timedelta(milliseconds=500), None],
    Type.STAMP: [NOON, NOON + timedelta(microseconds=7), NOON],
}


def rows_of(dataset: Dataset) -> list[tuple[Any, ...]]:
    """Three rows with every type's corners."""
    return list(zip(*(SAMPLES[column.type] for column in dataset.columns), strict=True))


def sample(dataset: Dataset) -> Export:
    return Export(dataset, rows_of(dataset), SCOPE)


def split(content: bytes) -> tuple[str, bytes]:
    first, _, data = content.removeprefix(BOM).partition(b"\n")
    return first.decode(), data


@pytest.mark.parametrize("dataset", DATASETS, ids=lambda dataset: dataset.name)
def test_names_order_and_types_of_columns_are_a_promise(dataset: Dataset) -> None:
    assert " ".join(f"{column.name}:{column.type.value.replace(' ', '_')}" for column in dataset.columns) == PINNED[dataset.name]


@pytest.mark.parametrize("dataset", DATASETS, ids=lambda dataset: dataset.name)
def test_every_column_says_in_both_languages_what_it_means(dataset: Dataset) -> None:
    for column in dataset.columns:
        assert column.label
        assert column.meaning.endswith(".")
        assert column.meaning_en.endswith((".", '"')), column.name
        assert column.codes is None or column.codes in {*SETS, "kind", "province", "gate"}


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (Decimal(120), "120"),
        (Decimal(1200), "1200"),
        (Decimal("1234.50"), "1234.5"),
        (Decimal("1E+3"), "1000"),
        (Decimal("0.0000001"), "0.0000001"),
        (Decimal("0.0"), "0"),
        (4.0, "4"),
        (1e15, "1000000000000000"),
        (1e-7, "0.0000001"),
        (396.9, "396.9"),
        (0, "0"),
    ],
)
def test_a_number_has_neither_exponent_nor_idle_zeros(number: Decimal | float, text: str) -> None:
    assert number_text(number) == text


def test_moments_are_vietnams_and_a_stamp_is_always_whole() -> None:
    assert moment_text(NOON) == "2025-12-28T12:00:00+07:00"
    assert stamp_text(NOON) == "2025-12-28T12:00:00.000000+07:00"
    assert datetime.fromisoformat(stamp_text(NOON + timedelta(microseconds=7))) == NOON + timedelta(microseconds=7)


@pytest.mark.parametrize("dataset", DATASETS, ids=lambda dataset: dataset.name)
def test_csv_says_first_what_it_is_and_its_checksum_holds(dataset: Dataset) -> None:
    out = io.BytesIO()
    canonical = write_stream(sample(dataset), out)
    assert out.getvalue().startswith(BOM), "Excel reads Vietnamese only behind a byte-order mark"
    first, data = split(out.getvalue())
    sha256 = hashlib.sha256(data).hexdigest()
    assert first == f"# mocgioi export {dataset.name}; as_of={SCOPE['as_of']}; rows=3; sha256={sha256}; unit=lang-son"
    assert (canonical.rows, canonical.sha256) == (3, sha256)
    names, *cells = csv.reader(io.StringIO(data.decode()))
    assert names == [column.name for column in dataset.columns]
    by_type = {column.type: [row[number] for row in cells] for number, column in enumerate(dataset.columns)}
    assert by_type[Type.TEXT] == ["mốc; “1088/2”, phụ", '\'=HYPERLINK("http://x.example")', ""], "no formula"
    wanted = {
        Type.TEXTS: ["1088/2; 1089", "", "21(1)"],
        Type.WHOLE: ["3", "", "0"],
        Type.WHOLES: ["6; 9", "14", ""],
        Type.NUMBER: ["1234.5", "1000", ""],
        Type.FLAG: ["true", "false", "true"],
        Type.MOMENT: ["2025-12-28T12:00:00+07:00", "2025-12-28T12:00:00.500000+07:00", ""],
    }
    assert {of: cells for of, cells in by_type.items() if of in wanted} == {of: wanted[of] for of in by_type if of in wanted}


@pytest.mark.parametrize("dataset", DATASETS, ids=lambda dataset: dataset.name)
def test_excel_in_vietnamese_reads_its_csv_as_numbers_and_moments(dataset: Dataset) -> None:
    """Its list separator is a semicolon, its decimal sign a comma, and its days come first."""
    out = io.BytesIO()
    canonical = write_stream(replace(sample(dataset), dialect=Dialect.EXCEL_VI), out)
    assert out.getvalue().startswith(BOM)
    (first,), names, *cells = csv.reader(io.StringIO(out.getvalue().decode("utf-8-sig"), newline=""), delimiter=";")
    assert first.startswith(f"# mocgioi export {dataset.name}; as_of=")
    assert canonical.sha256 == checksum(dataset), "that of the canonical text, as in every format"
    assert f"sha256={canonical.sha256}" in first
    assert names == [column.name for column in dataset.columns]
    by_type = {column.type: [row[number] for row in cells] for number, column in enumerate(dataset.columns)}
    wanted = {
        Type.TEXT: ["mốc; “1088/2”, phụ", '\'=HYPERLINK("http://x.example")', ""],
        Type.TEXTS: ["1088/2; 1089", "", "21(1)"],
        Type.NUMBER: ["1234,5", "1000", ""],
        Type.MOMENT: ["28/12/2025 12:00:00", "28/12/2025 12:00:00", ""],
        Type.STAMP: [stamp_text(stamp) for stamp in SAMPLES[Type.STAMP]],
    }
    assert {of: column for of, column in by_type.items() if of in wanted} == {of: wanted[of] for of in by_type if of in wanted}


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", " =", "\u00a0="])
def test_a_text_is_no_formula_in_csv_but_in_the_raw_csv_for_programs(start: str) -> None:
    text = f"{start}cmd|' /C calc'!A0"
    dataset = Dataset(
        "t",
        "",
        "",
        (),
        (
            DatasetColumn("word", Type.TEXT, "", "", ""),
            DatasetColumn("list", Type.TEXTS, "", "", ""),
            DatasetColumn("n", Type.NUMBER, "", "", ""),
        ),
    )
    shown = {}
    for raw in (False, True):
        out = io.BytesIO()
        write_stream(Export(dataset, [(text, [text, "x"], Decimal(-3))], SCOPE, raw), out)
        first, data = split(out.getvalue())
        assert out.getvalue().startswith(BOM) != raw
        assert ("raw=yes" in first) == raw
        assert f"sha256={hashlib.sha256(data).hexdigest()}" in first
        shown[raw] = list(csv.reader(io.StringIO(data.decode(), newline="")))[1]
    assert shown == {False: [f"'{text}", f"'{text}; x", "-3"], True: [text, f"{text}; x", "-3"]}


@pytest.mark.parametrize("dataset", DATASETS, ids=lambda dataset: dataset.name)
def test_parquet_has_real_types_and_lists_and_the_same_content(dataset: Dataset, tmp_path: Path) -> None:
    written = write_file(sample(dataset), Form.PARQUET, tmp_path / "x.parquet")
    found = pq.read_table(tmp_path / "x.parquet")
    assert {field.name: str(field.type) for field in found.schema} == {column.name: ARROW[column.type] for column in dataset.columns}
    metadata = {name.decode(): value.decode() for name, value in pq.read_metadata(tmp_path / "x.parquet").metadata.items()}
    assert metadata["mocgioi.rows"] == "3"
    assert metadata["mocgioi.as_of"] == SCOPE["as_of"]
    assert metadata["mocgioi.sha256"] == written.sha256 == checksum(dataset)
    assert b"pandas" not in pq.read_metadata(tmp_path / "x.parquet").metadata
    again = Canonical(dataset)
    again.lines(list(zip(*(found[name].to_pylist() for name in found.column_names), strict=True)))
    assert again.sha256 == written.sha256
    assert found.schema.field(dataset.columns[0].name).metadata[b"label"].decode() == dataset.columns[0].label


@pytest.mark.parametrize("dataset", DATASETS, ids=lambda dataset: dataset.name)
def test_a_workbook_has_real_dates_and_numbers_and_tells_its_checksum(dataset: Dataset, tmp_path: Path) -> None:
    write_file(sample(dataset), Form.XLSX, tmp_path / "x.xlsx")
    book = openpyxl.load_workbook(tmp_path / "x.xlsx")
    assert book.sheetnames == [dataset.name, "about"]
    about = {str(name): value for name, value in book["about"].iter_rows(values_only=True)}
    assert about == {"export": dataset.name, "rows": "3", "sha256": checksum(dataset), **SCOPE}
    sheet = book[dataset.name]
    names, *cells = sheet.iter_rows(values_only=True)
    assert list(names) == [column.name for column in dataset.columns]
    for number, column in enumerate(dataset.columns):
        found = [row[number] for row in cells]
        if column.type is Type.MOMENT:
            assert found[0] == datetime(2025, 12, 28, 12, 0)  # noqa: DTZ001  # a sheet knows no zones
        elif column.type is Type.NUMBER:
            assert found == [1234.5, 1000, None]
        elif column.type is Type.FLAG:
            assert found == [True, False, True]
        elif column.type is Type.TEXT:
            assert sheet.cell(3, number + 1).data_type in ("s", "inlineStr")
            assert found[1] == '=HYPERLINK("http://x.example")', "never a formula"


def checksum(dataset: Dataset) -> str:
    out = io.BytesIO()
    write_stream(sample(dataset), out)
    return hashlib.sha256(split(out.getvalue())[1]).hexdigest()


@pytest.mark.parametrize("form", Form)
@pytest.mark.parametrize("dataset", DATASETS, ids=lambda dataset: dataset.name)
def test_the_same_rows_are_the_same_bytes(dataset: Dataset, form: Form, tmp_path: Path) -> None:
    made = []
    for _ in range(2):
        written = write_file(sample(dataset), form, tmp_path / "export")
        made.append((written.file.read_bytes(), written.codebook.read_bytes()))
    assert made[0] == made[1]


def test_a_workbook_bears_the_moment_of_its_record_and_no_clock(tmp_path: Path) -> None:
    write_file(sample(INCIDENTS), Form.XLSX, tmp_path / "x.xlsx")
    with zipfile.ZipFile(tmp_path / "x.xlsx") as parts:
        assert {part.date_time[0] for part in parts.infolist()} == {1980}
        dates = re.findall(r"<dcterms:\w+[^>]*>([^<]*)<", parts.read("docProps/core.xml").decode())
    assert dates == ["2025-12-28T17:00:00Z"] * 2


def test_an_export_of_nothing_still_says_what_it_is(tmp_path: Path) -> None:
    for form in Form:
        written = write_file(Export(INCIDENTS, (), SCOPE), form, tmp_path / f"x.{form}")
        assert written.rows == 0
    assert (tmp_path / "x.csv").read_text().splitlines()[1].startswith("subject,occurred,")
    assert pq.read_table(tmp_path / "x.parquet").num_rows == 0


def many(count: int) -> Iterator[Sequence[Any]]:
    for number in range(count):
        yield ("lang-son", "nd09", "2019", f"figure.{number}", "nhãn", number, "vụ", 1, 5, 1, 8)


def test_more_rows_than_a_batch_are_one_content_in_row_groups(tmp_path: Path) -> None:
    count = 2 * BATCH + 1
    checksums = {form: write_file(Export(FIGURES, many(count), SCOPE), form, tmp_path / f"x.{form}").sha256 for form in Form}
    assert len(set(checksums.values())) == 1
    metadata = pq.read_metadata(tmp_path / "x.parquet")
    assert (metadata.num_rows, metadata.num_row_groups) == (count, 3)
    assert (tmp_path / "x.csv").read_bytes().count(b"\n") == count + 2


def test_rows_beyond_a_sheet_are_refused_and_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export_xlsx, "ROWS", 2)
    with pytest.raises(export_xlsx.TooManyRows, match="csv"):
        write_file(sample(INCIDENTS), Form.XLSX, tmp_path / "x.xlsx")
    assert list(tmp_path.iterdir()) == []


class Away(Exception):
    """The rows end here."""


def breaking() -> Iterator[Sequence[Any]]:
    yield from rows_of(INCIDENTS)
    raise Away


@pytest.mark.parametrize("form", Form)
def test_a_file_is_replaced_by_a_whole_one_or_not_at_all(form: Form, tmp_path: Path) -> None:
    file = tmp_path / "x"
    file.write_text("trước")
    with pytest.raises(Away):
        write_file(Export(INCIDENTS, breaking(), SCOPE), form, file)
    assert [path.name for path in tmp_path.iterdir()] == ["x"]
    assert file.read_text() == "trước"
    write_file(sample(INCIDENTS), form, file)
    assert {path.name for path in tmp_path.iterdir()} == {"x", "x.codebook.md"}
    assert file.read_bytes() != "trước".encode()


def test_a_link_goes_on_pointing_and_a_device_or_folder_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "real.csv").write_text("trước")
    (tmp_path / "link.csv").symlink_to("real.csv")
    os.mkfifo(tmp_path / "pipe")
    write_file(sample(INCIDENTS), Form.CSV, tmp_path / "link.csv")
    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "real.csv").read_text(encoding="utf-8-sig").startswith("# mocgioi")
    for name in ("folder", "pipe"):
        with pytest.raises(NoFile, match=name):
            write_file(sample(INCIDENTS), Form.CSV, tmp_path / name)
    assert (tmp_path / "folder").is_dir()
    assert not (tmp_path / "pipe").is_file()
    assert not list(tmp_path.glob(".*")), "nothing half-written stays"


def test_the_scope_names_what_a_command_line_takes_again() -> None:
    period = Period.parse("2019Q4", Regime.ND09)
    whole = Selection(NOON, unit_named("all"))
    assert scope_of(whole) == {"as_of": "2025-12-28T12:00:00.000000+07:00", "unit": "all"}
    assert scope_of(Selection(NOON, unit_named("Lạng Sơn"), period.start, period.end), period, by_month=True) == {
        "as_of": "2025-12-28T12:00:00.000000+07:00",
        "unit": "lang-son",
        "regime": "nd09",
        "period": "2019Q4",
        "by": "month",
        "start": "2019-09-15T00:00:00+07:00",
        "end": "2019-12-15T00:00:00+07:00",
    }
    assert period.start.astimezone(HANOI) == period.start


@pytest.mark.parametrize("dataset", DATASETS, ids=lambda dataset: dataset.name)
def test_the_codebook_tells_of_every_column_and_code_and_how_to_check(dataset: Dataset) -> None:
    page = codebook(dataset, "x.csv", Canonical(dataset), SCOPE)
    lines = page.splitlines()
    for column in dataset.columns:
        (line,) = [line for line in lines if line.startswith(f"| `{column.name}` | {column.type.value} |")]
        assert column.label in line
        assert column.meaning in line
        assert column.codes is None or f"## Mã · Codes: {column.codes}" in lines
    assert "tail -n +2 FILE | sha256sum" in page
    assert "`--raw`" in page
    assert f"--as-of {SCOPE['as_of']}" in page
    assert all(line.count(" | ") == lines[index - 1].count(" | ") for index, line in enumerate(lines) if line.startswith("| `") and index)


def test_the_codebook_says_what_is_left_out_and_defines_the_figures() -> None:
    incidents = codebook(INCIDENTS, "x.csv", Canonical(INCIDENTS), SCOPE)
    assert "lời kể (text)" in incidents
    assert "mua bán người" in incidents
    figures = codebook(FIGURES, "x.csv", Canonical(FIGURES), SCOPE)
    assert all(family.definition in figures for family in FAMILIES)
