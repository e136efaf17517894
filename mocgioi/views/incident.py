"""Incidents in words, Vietnamese with English beside it."""

from collections.abc import Iterator
from typing import Any

from agreement.occurred import UNKNOWN, occurred_at, occurred_words
from border.places import Province, province_name
from mocgioi.views.effect import effect_words
from mocgioi.views.labels import both, outcome
from mocgioi.views.output import say, table
from mocgioi.views.way import way_words
from schemas.codebook import KIND_LABELS, OUTCOME_LABELS, SIDE_LABELS, Kind, Outcome, Side
from schemas.codebook_entries import codes, fact_words, facts

LIST_COLUMNS = (
    "Vụ việc\nincident",
    "Xảy ra\noccurred",
    "Nơi\nplace",
    "Phía\nside",
    "Việc\nkind",
    "Kết luận\noutcome",
    "Điều khoản\nclauses",
)
_EVENT_COLUMNS = ("Sự kiện\nevent", "Nguồn\nsource", "Lúc\ntime", "Loại\ntype", "Cách báo\nvia", "Hiệu lực\neffect")
_VERSION_COLUMNS = ("Phiên bản\nversion", "Ghi lúc\nrecorded", "Kết luận\noutcome")
LIST_BELOW_FIRST = (6, 4)
"""Clauses and kind go below a row first: `incidents show` has both."""
CONFLICT_COLUMNS = ("Nguồn\nsource", "Mã\nid", "Số\nsequence", "Vụ việc\nsubject", "Trùng theo\nconflicts by", "Ghi lúc\nrecorded")

SHADOW = "[thử, không tính · shadow] "
"""Before a finding of a rule on trial."""

Row = dict[str, Any]


def list_cells(row: Row) -> tuple[object, ...]:
    """A row of the list of incidents."""
    return (
        row["incident"],
        occurred_words(row["occurred"], row["precision"], row["occurred_end"]),
        place_words(row),
        SIDE_LABELS[Side(row["side"])].vi if row["side"] else "",
        KIND_LABELS[Kind(row["kind"])].vi if row["kind"] else "",
        outcome_words(row),
        _clauses(row),
    )


def watched_words(row: Row) -> str:
    """An incident in one line, when it is recorded or changes."""
    who = f"; {row['acknowledged_by']} đã nhận" if row["acknowledged_by"] else ""
    kind = KIND_LABELS[Kind(row["kind"])].vi if row["kind"] else ""
    when = occurred_words(row["occurred"], row["precision"], row["occurred_end"])
    return f"{row['recorded_at'][:19]} {row['incident']}: {kind}; {place_words(row)}; {when}; {outcome_words(row)} {_clauses(row)}{who}"


def place_words(row: Row) -> str:
    """Its markers, else its province."""
    return ", ".join(row["markers"]) or _province(row)


def outcome_words(row: Row) -> str:
    """The outcome of an incident in words: why it does not count, who decided, and whether a person should look again."""
    if not row["complete"]:
        return "chưa có báo cáo đầu"
    words = OUTCOME_LABELS[Outcome(row["outcome"])].vi
    if row["assessed"] and row["machine_outcome"] != row["outcome"]:
        words += f" [cán bộ; máy: {OUTCOME_LABELS[Outcome(row['machine_outcome'])].vi}]"
    if row["facts_after_assessment"] or row["judge_failed"]:
        words += " (!)"
    if row["retracted"]:
        return f"đã rút ({words})"
    return words if row["status"] == "actual" else f"{words} ({row['status']})"


def conflict_cells(row: Row) -> tuple[object, ...]:
    """A row of the list of conflicts."""
    return tuple(row[name] for name in ("source", "id", "sequence", "subject", "conflicts_by", "recorded_at"))


def show(incident: Row) -> None:
    """Print all there is about one incident."""
    say(f"{incident['incident']}")
    for label, text in (*_fields(incident), *_officer(incident), *_flags(incident)):
        say(f"  {label:<26}{text}")
    for finding in incident["findings"]:
        show_finding(finding)
    table(_EVENT_COLUMNS, [_event_cells(event) for event in incident["events"]])
    versions = [(version["version"], version["recorded_at"], outcome(version["outcome"])) for version in incident["versions"]]
    table(_VERSION_COLUMNS, versions)
    if incident["conflicts"]:
        title = "Mâu thuẫn, để riêng · conflicts, kept aside"
        table(CONFLICT_COLUMNS, [conflict_cells(row) for row in incident["conflicts"]], title=title)


def _event_cells(event: Row) -> tuple[object, ...]:
    kind = event["type"].removeprefix("vn.mocgioi.")
    return event["id"], event["source"], event["time"], kind, way_words(event), effect_words(event["without_effect"])


def show_finding(finding: Row) -> None:
    """Print the finding of one rule. That of a rule on trial is marked."""
    say(f"  - {SHADOW if finding.get('shadow') else ''}{finding['explanation']['vi']}")
    say(f"    {finding['explanation']['en']}")


def _fields(incident: Row) -> Iterator[tuple[str, str]]:
    occurred = incident["folded"]["occurred"]
    yield "Trạng thái · status", _status(incident)
    yield "Đơn vị · belongs to", incident["owner"] or "chưa rõ · not known yet"
    yield "Xảy ra · occurred", occurred_at(occurred["start"], occurred["precision"], occurred.get("end")) if occurred else UNKNOWN
    yield "Nơi · place", ", ".join(part for part in (*incident["markers"], _province(incident)) if part)
    yield "Phía · side", both(SIDE_LABELS[Side(incident["side"])]) if incident["side"] else ""
    yield "Việc · kind", both(KIND_LABELS[Kind(incident["kind"])]) if incident["kind"] else ""
    yield "Kết luận · outcome", ", ".join(part for part in (outcome(incident["outcome"]), _clauses(incident)) if part)
    yield from _stated(incident["folded"])


def _stated(folded: Row) -> Iterator[tuple[str, str]]:
    """What the report says besides."""
    if folded["facts"]:
        yield "Dữ kiện · facts", "; ".join(_fact(name, value) for name, value in folded["facts"].items())
    if folded["measures"]:
        yield "Số đếm · measures", ", ".join(map(_measure, folded["measures"]))
    for number, step in enumerate(folded["handling"], start=1):
        yield f"Xử lý {number} · handling", _handled(step)
    if folded["text"]:
        yield "Lời kể · text", folded["text"]


def _fact(name: str, value: Any) -> str:
    entry = facts().get(name)
    return f"{entry.label.vi if entry is not None else name}: {fact_words(name, value)}"


def _measure(measure: Row) -> str:
    unit = measure.get("unit") or _code("measure", measure["what"])
    return f"{measure['n']:g} {unit}" + (f" ({measure['nationality']})" if measure.get("nationality") else "")


def _handled(step: Row) -> str:
    parts = (_code("action", step["action"]), step.get("at"), step.get("by"), step.get("note"))
    return ", ".join(part for part in parts if part)


def _code(group: str, code: str) -> str:
    return next((entry.label.vi for entry in codes()[group] if entry.code == code), code)


def _officer(incident: Row) -> Iterator[tuple[str, str]]:
    """An officer's assessment overrides the machine's outcome and never hides it."""
    assessment = incident["folded"]["assessment"]
    if assessment is not None:
        yield "  cán bộ · officer", f"{assessment['by_office']}: {assessment['reason']}"
        yield "  máy · machine", outcome(incident["machine_outcome"])


def _flags(incident: Row) -> Iterator[tuple[str, str]]:
    label = "Cần xem lại · look again"
    if incident["facts_after_assessment"]:
        yield label, "có dữ kiện mới sau kết luận của cán bộ · facts came after the officer's finding"
    if incident["judge_failed"]:
        yield label, "lần phân loại cuối bị lỗi, giữ kết luận trước · judging crashed, the last outcome stands"
    if incident["second_reports"]:
        sources = ", ".join(ref["source"] for ref in incident["second_reports"])
        yield label, f"đơn vị khác báo dưới cùng mã, có thể là vụ khác · another unit's report under the same id: {sources}"
    if incident["conflicts"]:
        yield label, f"{len(incident['conflicts'])} sự kiện mâu thuẫn để riêng, xem cuối trang · conflicting events, see the end"


def _status(incident: Row) -> str:
    if not incident["complete"]:
        return "chưa có báo cáo đầu, không tính · its report has not arrived: does not count"
    if incident["retracted"]:
        return f"đã rút, không tính · retracted, does not count: {incident['folded']['retraction_reason']}"
    status = str(incident["status"]) if incident["status"] == "actual" else f"{incident['status']}, không tính · does not count"
    return status if incident["reinstated"] is None else f"{status}; đã rút rồi khôi phục · reinstated: {incident['reinstated']}"


def _clauses(row: Row) -> str:
    return ", ".join(row["clauses"]) or (f"39, mục {row['article39']}" if row["article39"] else "")


def _province(row: Row) -> str:
    return province_name(Province(row["province"])) if row["province"] else ""
