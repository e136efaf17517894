"""An event's life for people, Vietnamese with English beside it."""

import json
from typing import Any

from agreement.occurred import occurred_at
from mocgioi.views.effect import effect_words
from mocgioi.views.incident import show_finding
from mocgioi.views.labels import outcome
from mocgioi.views.output import say, table
from mocgioi.views.way import way_words
from schemas.codebook import OUTCOME_LABELS, Outcome

_CHANGE = ("Trường\nfield", "Trước\nbefore", "Sau\nafter", "Bởi\nby", "Lúc\ntime", "Lý do\nreason")
_COUNT = ("Cửa khẩu\ngate", "Chiều\ndirection", "Đếm\nwhat", "Số\nn", "Từ\nfrom", "Đến\nto", "Thay lúc\nsuperseded")
_VERSION = (
    "Phiên bản\nversion",
    "Ghi lúc\nrecorded",
    "Kết luận\noutcome",
    "Bộ\npack",
    "Có sự kiện này\nholds this",
    "Phân loại lại vì\nrejudged",
)
_CLOCKS = {
    "occurred": "Xảy ra · occurred",
    "known_at": "Đồn biết · known at",
    "time": "Lập · minted (time)",
    "received_at": "Nhận · received at",
    "recorded_at": "Ghi · recorded at",
}
_WHY = {
    "not_an_incident": "không phải sự kiện của một vụ việc · not part of an incident",
    "incomplete": "chưa có báo cáo đầu · its report has not arrived",
    "retracted": "đã rút · retracted",
}

Life = dict[str, Any]


def show(life: Life) -> None:
    """Print it all."""
    event = life["event"]
    say(event["id"])
    for label, text in (("Loại · type", event["type"]), ("Nguồn · source", f"{event['source']} #{event['sequence']}")):
        _line(label, text)
    _line("Chủ thể · subject", event["subject"])
    _line("Cách báo · via", way_words(event) or "lệnh · a command")
    _line("Đọc ở · read at", ":".join(str(life["origin"][name]) for name in ("topic", "partition", "offset")))
    for name, label in _CLOCKS.items():
        _line(label, _clock(life["clocks"][name]))
    if life["without_effect"]:
        _line("Hiệu lực · effect", f"{effect_words(life['without_effect'])} · no effect: {life['without_effect']['en']}")
    for verdict in life["verdicts"]:
        _verdict(verdict)
    _line("Thiếu khi đó · missing then", ", ".join(life["missing"]["then"]))
    _line("Còn thiếu · missing now", ", ".join(life["missing"]["now"]))
    rows = [
        (row["field"], _value(row["before"]), _value(row["after"]), row["by"]["id"], row["time"], row["reason"]) for row in life["changes"]
    ]
    table(_CHANGE, rows, title=f"{len(rows)} thay đổi · changes it made or met")
    for row in life["corrected_by"]:
        _line("Đính chính bởi · corrected by", f"{row['id']} ({row['source']})")
    if life["crossing_counts"]:
        names = ("gate", "direction", "what", "n", "interval_start", "interval_end", "superseded_at")
        table(_COUNT, [[row.get(name) for name in names] for row in life["crossing_counts"]])
    for row in life["conflicts"]:
        _line("Mâu thuẫn · conflict", f"{row['conflicts_by']} {row['recorded_at']}")
    if life["incident"]:
        _incident(life["incident"])
    for regime, periods in life["periods"].items():
        _line(f"Kỳ · periods {regime}", ", ".join(periods))
    _figures(life["figures"])


def _clock(clock: Any) -> str:
    """A moment; when the event occurred as exactly as that is known."""
    if isinstance(clock, dict) and "precision" in clock:
        return occurred_at(clock["start"], clock["precision"], clock.get("end"))
    return _value(clock)


def _verdict(verdict: Life) -> None:
    say(
        f"  Kết luận riêng · alone: {outcome(verdict['outcome'])} [{verdict['rule_pack']}/{verdict['judge_version']}, {verdict['recorded_at']}]"
    )
    for finding in verdict["findings"]:
        say(f"    {finding['rule_id']}: {finding['outcome']}")
        show_finding(finding)
    for rule in verdict["silent"]:
        say(f"    {rule}: không có gì để nói · nothing to say")


def _incident(incident: Life) -> None:
    say(f"  Vụ việc · incident {incident['incident']}: {outcome(incident['outcome'])} {', '.join(incident['clauses'])}")
    _line("  thuộc · belongs to", incident["owner"] or "chưa rõ · not known yet")
    if incident["reinstated"] is not None:
        _line("  khôi phục · reinstated", incident["reinstated"])
    if incident["assessed"]:
        _line("  máy · machine", outcome(incident["machine_outcome"]))
    for finding in incident["findings"]:
        show_finding(finding)
    rows = [
        (
            version["version"],
            version["recorded_at"],
            version["outcome"],
            version["rule_pack"],
            "x" if version["holds_this_event"] else "",
            version.get("rejudged"),
        )
        for version in incident["versions"]
    ]
    table(_VERSION, rows)


def _figures(figures: Life) -> None:
    if not figures["counts"]:
        why = figures["why"]
        label = OUTCOME_LABELS[Outcome(why)].vi if why in set(Outcome) else why
        _line("Không tính vi phạm · no breach figure", _WHY.get(why, label))
        return
    standing: dict[tuple[str, str], list[str]] = {}
    for figure in figures["breach"]:
        standing.setdefault((figure["regime"], figure["period"]), []).append(f"{figure['id']}[{figure['unit']}]")
    for (regime, period), ids in standing.items():
        _line(f"Tính vào · counts in {regime}", f"{period}: {', '.join(ids)}")


def _line(label: str, text: object) -> None:
    say(f"  {label:<30}{text}")


def _value(value: Any) -> str:
    return value if isinstance(value, str) else "" if value is None else json.dumps(value, ensure_ascii=False)
