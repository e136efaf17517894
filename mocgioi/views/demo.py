"""What the demo shows: the published incidents by marker, side, kind, outcome and clause, their totals, and where to look next."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from border import markers
from mocgioi.views.incident import LIST_BELOW_FIRST, LIST_COLUMNS, list_cells
from mocgioi.views.output import say, table
from schemas.codebook import KIND_LABELS, OUTCOME_LABELS, SIDE_LABELS, Kind, Outcome, Side

_NEXT = (
    ("mocgioi incidents show {example}", "vì sao kết luận như vậy · why"),
    ("mocgioi incidents list --outcome needs_facts", "còn thiếu dữ kiện gì · what must still be asked"),
    ('mocgioi marker parse "khu vực mốc 556/1-556/2, 560-561 và 836(2)"', "đọc số hiệu mốc · read markers"),
    ("mocgioi report build --unit cao-bang --period 2021", "báo cáo của một tỉnh, một năm · a province's report of a year"),
    ("mocgioi classify FILE", "phân loại sự kiện của mình · judge events of your own"),
    ("mocgioi doctor", "kiểm tra từng bộ phận · check every part"),
)


def show(incidents: Iterable[dict[str, Any]]) -> None:
    """Print those of the record's incidents that were published."""
    rows = sorted((row for row in incidents if row["incident"].startswith("inc-pub-")), key=_along_the_line)
    table(
        LIST_COLUMNS,
        [list_cells(row) for row in rows],
        title="Các vụ việc đã công bố, từ tây sang đông · published incidents, west to east",
        below_first=LIST_BELOW_FIRST,
    )
    _totals(rows)
    example = next(row["incident"] for row in rows if row["outcome"] == "exempt")
    table(["Xem tiếp · next", ""], [(command.format(example=example), why) for command, why in _NEXT])


def _along_the_line(row: dict[str, Any]) -> tuple[object, ...]:
    items = [item for marker in row["markers"] for item in markers.parse(marker).items]
    return (0, items[0].span, row["occurred"]) if items else (1, row["province"] or "", row["occurred"])


def _totals(rows: Sequence[dict[str, Any]]) -> None:
    counted = [row for row in rows if row["status"] == "actual" and row["complete"] and not row["retracted"]]
    drafts = len(rows) - len(counted)
    sides = Counter(SIDE_LABELS[Side(row["side"])].vi for row in counted)
    kinds = Counter(KIND_LABELS[Kind(row["kind"])].vi for row in counted)
    outcomes = Counter(OUTCOME_LABELS[Outcome(row["outcome"])].vi for row in counted)
    clauses = Counter(clause for row in counted for clause in row["clauses"])
    items = Counter(f"39, mục {row['article39']}" for row in counted if row["article39"])
    groups = {"Kết luận · outcome": outcomes, "Phía · side": sides, "Việc · kind": kinds, "Điều khoản · clause": clauses + items}
    for label, counts in groups.items():
        say(f"{label:<21}{'; '.join(f'{name}: {count}' for name, count in counts.most_common())}")
    say(
        f"{'Cộng · total':<21}{len(counted)} vụ việc, và {drafts} dự thảo chưa tính vì nguồn không ghi năm · {drafts} drafts that never count"
    )
    say("")
    say("Vụ vi phạm Hiệp định chỉ được công bố dưới dạng tổng số (Lạng Sơn 2019: 08 vụ), nên không có vụ nào ở đây là vi phạm.")
    say("Breaches are published as totals only, so none of these incidents is one; a total is never made up into events.")
    say("")
