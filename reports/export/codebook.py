"""The codebook beside an export: what the file is, how to check it, its columns and their codes. Vietnamese first."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from border.gates import gates
from border.provinces import provinces
from reports.export.columns import FIGURES, TYPES, Dataset, DatasetColumn, Form
from reports.export.csv_file import first_line
from reports.export.text import Canonical
from reports.figures.listed import listed
from reports.markdown_text import escaped
from schemas.codebook_entries import codes, kinds


def codebook(dataset: Dataset, name: str, canonical: Canonical, scope: Mapping[str, str]) -> str:
    """The codebook of a written file of that name."""
    return "\n".join(_page(dataset, name, canonical, scope)) + "\n"


def _page(dataset: Dataset, name: str, canonical: Canonical, scope: Mapping[str, str]) -> Iterator[str]:
    yield f"# {dataset.title}: {escaped(name)}\n"
    yield f"`{first_line(dataset, canonical, scope)}`\n"
    for vi, en in dataset.notes:
        yield f"- {vi} *{en}*"
    yield f"- Thứ tự dòng: {dataset.order}. Sắp theo mã ký tự. *Rows are sorted by these columns, text by its bytes.*"
    yield "- Ô trống: không có hoặc chưa biết. *An empty cell: none, or not known.*"
    yield (
        "- csv: chữ mà bảng tính sẽ hiểu là công thức (bắt đầu bằng = + - @, kể cả dạng toàn góc, hoặc tab, xuống dòng) có dấu ' đứng trước; "
        "`--raw` để nguyên, chỉ dùng cho máy (dòng đầu ghi raw=yes). xlsx, parquet: chữ luôn là chữ. "
        "*In csv a text that a spreadsheet would take for a formula has an apostrophe before it; `--raw`, for programs only, leaves it out.*"
    )
    yield (
        "- csv có dấu BOM ở đầu để Excel đọc đúng chữ Việt (`--raw` thì không); `--dialect excel-vi`: dấu chấm phẩy, dấu phẩy thập phân, ngày/tháng/năm. "
        "*csv begins with a byte-order mark for Excel (not with `--raw`); `--dialect excel-vi` has semicolons, decimal commas and days first.*"
    )
    yield from _checking(dataset, scope)
    yield "\n## Các cột · Columns\n"
    yield from _grid(
        ("Cột", "Kiểu", "Tên tiếng Việt", "Nghĩa"),
        ((f"`{column.name}`", column.type.value, column.label, _meaning(column)) for column in dataset.columns),
    )
    yield "\n## Các kiểu · Types\n"
    used = list(dict.fromkeys(column.type for column in dataset.columns))
    yield from _grid(("Kiểu", *Form), ((kind.value, *(TYPES[kind][form] for form in Form)) for kind in used))
    if dataset is FIGURES:
        yield "\n## Các số liệu · Figures\n"
        yield "`*`: ví dụ của nhiều số liệu cùng loại · *an example of many*\n"
        yield from _grid(("Mã", "Định nghĩa"), _figures())
    for group in dict.fromkeys(column.codes for column in dataset.columns if column.codes):
        yield f"\n## Mã · Codes: {group}\n"
        yield from _grid(("Mã", "Tiếng Việt", "English"), _codes(group))


def _checking(dataset: Dataset, scope: Mapping[str, str]) -> Iterator[str]:
    yield "\n## Kiểm tra tệp · Checking the file\n"
    yield (
        "`sha256` là của nội dung dạng CSV (dòng tên cột và mọi dòng số liệu, UTF-8, xuống dòng LF), giống nhau ở cả ba dạng tệp; "
        "riêng csv `--raw` là của chính tệp đó. "
        "*It is of the contents as CSV, and the same in all three formats; raw CSV has its own.*\n"
    )
    yield "- csv: bỏ dòng đầu rồi tính · leave out the first line: `tail -n +2 FILE | sha256sum`"
    yield (
        "- csv `--dialect excel-vi` (dòng đầu), parquet (`mocgioi.rows`, `mocgioi.sha256` … trong metadata), xlsx (trang `about`): "
        "xuất lại dạng csv với cùng as_of và phạm vi, "
        "`sha256` phải trùng · export as csv with the same as_of and scope, and compare:"
        f" `mocgioi export {dataset.name} --format csv --as-of {scope['as_of']} …`"
    )
    yield (
        "- Cùng as_of và phạm vi thì cùng nội dung; csv, xlsx cùng từng byte. Byte của parquet còn tùy bản thư viện đã viết nó (ghi trong tệp). "
        "*The same as_of and scope give the same contents, byte for byte in csv and xlsx; a parquet file also names the library that wrote it.*"
    )


def _meaning(column: DatasetColumn) -> str:
    codes_of = f" Mã · codes: {column.codes}." if column.codes else ""
    return f"{column.meaning} *{column.meaning_en}*{codes_of}"


def _figures() -> Iterator[Sequence[str]]:
    for definition, alike in groupby(listed(), key=lambda figure: figure.definition):
        yield ", ".join(f"`{figure.id}`{'' if figure.always else ' *'}" for figure in alike), definition


def _codes(group: str) -> Iterable[Sequence[str]]:
    match group:
        case "kind":
            return [(f"`{kind}`", entry.label.vi, entry.label.en) for kind, entry in kinds().items()]
        case "province":
            return [(f"`{code}`", row.name, "") for code, row in provinces().items()]
        case "gate":
            return [(f"`{slug}`", gate.label, gate.chinese) for slug, gate in gates().items()]
    return [(f"`{code.code}`", f"{code.label.vi}: {code.meaning}", f"{code.label.en}: {code.meaning_en}") for code in codes()[group]]


def _grid(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(heads)} |"
    yield f"|{' --- |' * len(heads)}"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |"
