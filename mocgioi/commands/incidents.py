"""`mocgioi incidents`: what the record holds, now or as known on a day, and an officer's word on it."""

from contextlib import AbstractContextManager
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from schemas.codebook import KIND_LABELS, OUTCOME_LABELS, SIDE_LABELS, Kind, Outcome, Side
from schemas.places import Province, province_name

if TYPE_CHECKING:
    from sinks.engine import Engine

incidents = typer.Typer(help="Vụ việc đã ghi · the recorded incidents.", no_args_is_help=True)

LIST_COLUMNS = ("Vụ việc", "Xảy ra", "Nơi", "Phía", "Việc", "Kết luận", "Điều khoản")
Row = dict[str, Any]

AsOf = Annotated[str | None, typer.Option(help="như đã biết vào lúc · as known then: 2019-12-14 or 2019-12-14T23:59:59+07:00")]
AsJson = Annotated[bool, typer.Option("--json", help="JSON")]


def add_to(app: typer.Typer) -> None:
    """Hang the commands under the program."""
    app.add_typer(incidents, name="incidents")


@incidents.command(name="list")
def list_them(
    side: Annotated[Side | None, typer.Option(help="phía · whose act")] = None,
    kind: Annotated[Kind | None, typer.Option(help="loại việc")] = None,
    outcome: Annotated[Outcome | None, typer.Option(help="kết luận")] = None,
    province: Annotated[str | None, typer.Option(help="tỉnh · province, e.g. lang-son")] = None,
    judge_failed: Annotated[bool, typer.Option("--judge-failed", help="chưa phân loại lại được · whose judging crashed")] = False,
    limit: Annotated[int | None, typer.Option(min=1, help="nhiều nhất · at most")] = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """Liệt kê vụ việc, mới nhất trước · list incidents, the latest first."""
    from mocgioi.output import document, table
    from sinks import read

    with _engine() as engine:
        rows = read.incidents(
            engine,
            side=side,
            kind=kind,
            outcome=outcome,
            province=province,
            judge_failed=judge_failed or None,
            limit=limit,
            as_of=_moment(as_of),
        )
    if as_json:
        document(rows)
        return
    table(LIST_COLUMNS, [list_cells(row) for row in rows], title=f"{len(rows)} vụ việc")


@incidents.command()
def show(incident: str, as_of: AsOf = None, as_json: AsJson = False) -> None:
    """Một vụ việc: kết luận, lý do, các sự kiện · one incident: outcome, why, its events and versions."""
    from mocgioi.output import document, fail
    from sinks import read

    with _engine() as engine:
        found = read.incident_shown(engine, incident, as_of=_moment(as_of))
    if found is None:
        fail("not_found", f"{incident}: chưa có vụ việc này · no such incident")
    if as_json:
        document(found)
    else:
        _tell(found)


@incidents.command()
def assess(
    incident: str,
    reason: Annotated[str, typer.Option(help="lý do · why")],
    office: Annotated[str, typer.Option(help="cơ quan kết luận · office, e.g. so-ngoai-vu-lang-son")],
    outcome: Annotated[Outcome | None, typer.Option(help="kết luận")] = None,
    clause: Annotated[str | None, typer.Option(help='điều khoản · clause, e.g. "21(1)"')] = None,
    article39: Annotated[int | None, typer.Option(min=1, max=16, help="mục của Điều 39 · item of Article 39")] = None,
    side: Annotated[Side | None, typer.Option(help="phía · whose act")] = None,
) -> None:
    """Kết luận của cán bộ; quyết định số liệu, không che kết luận của máy · an officer's finding over the machine's."""
    from mocgioi.assessing import assess as send
    from mocgioi.output import say
    from mocgioi.settings import load

    said = {"outcome": outcome, "clause": clause, "article39": article39, "side": side}
    finding = {"reason": reason, "by_office": office} | {name: value for name, value in said.items() if value is not None}
    say(send(load(), incident, finding))


@incidents.command()
def conflicts(as_json: AsJson = False) -> None:
    """Sự kiện trùng mã hoặc trùng số thứ tự nhưng khác nội dung · events kept aside: same id or sequence, another body."""
    from mocgioi.output import document, table
    from sinks import read

    with _engine() as engine:
        rows = read.conflicts(engine)
    if as_json:
        document(rows)
        return
    columns = ["Nguồn", "Mã", "Số", "Vụ việc", "Trùng theo", "Ghi lúc"]
    table(columns, [(r["source"], r["id"], r["sequence"], r["subject"], r["conflicts_by"], r["recorded_at"]) for r in rows])


def _engine() -> AbstractContextManager["Engine"]:
    from mocgioi.database import record_engine
    from mocgioi.settings import load

    return record_engine(load())


def _moment(text: str | None) -> datetime | None:
    """A moment as people give it; a bare day means its end, in Vietnam."""
    from mocgioi.output import USAGE, fail
    from posts.mint import HANOI

    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        fail("value", f"--as-of {text!r}: cần như 2019-12-14 hoặc 2019-12-14T23:59:59+07:00", USAGE)
    if len(text) <= len("2019-12-14"):
        moment = moment.replace(hour=23, minute=59, second=59, microsecond=999_999)
    return moment if moment.tzinfo else moment.replace(tzinfo=HANOI)


def list_cells(row: Row) -> tuple[object, ...]:
    """A row of the list of incidents."""
    item = f"39, mục {row['article39']}" if row["article39"] else ""
    return (
        row["incident"],
        str(row["occurred"] or "")[:10],
        ", ".join(row["markers"]) or (province_name(Province(row["province"])) if row["province"] else ""),
        SIDE_LABELS[Side(row["side"])].vi if row["side"] else "",
        KIND_LABELS[Kind(row["kind"])].vi if row["kind"] else "",
        outcome_words(row),
        ", ".join(row["clauses"]) or item,
    )


def outcome_words(row: Row) -> str:
    """What an incident comes to, in words: what makes it not count stands first."""
    if not row["complete"]:
        return "chưa có báo cáo đầu"
    words = OUTCOME_LABELS[Outcome(str(row["outcome"]))].vi
    if row["retracted"]:
        return f"đã rút ({words})"
    return words if row["status"] == "actual" else f"{words} ({row['status']})"


def _tell(found: Row) -> None:
    from mocgioi.output import say, table

    for label, cell in zip(LIST_COLUMNS, list_cells(found), strict=True):
        say(f"{label:<11}{cell}")
    for finding in found["findings"]:
        say(f"  - {finding['explanation']['vi']}")
        say(f"    {finding['explanation']['en']}")
    told = [(event["id"], event["source"], event["time"], event["type"].removeprefix("vn.mocgioi.")) for event in found["events"]]
    table(["Sự kiện", "Nguồn", "Lúc", "Loại"], told)
    known = [(version["version"], version["recorded_at"], version["outcome"]) for version in found["versions"]]
    table(["Phiên bản", "Ghi lúc", "Kết luận"], known)
