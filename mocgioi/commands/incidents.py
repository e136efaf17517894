"""`mocgioi incidents`: what the record holds, now or as known on a day, and what officers decide about it."""

import sys
from typing import Annotated

import typer

from border.provinces import Province
from mocgioi.commands.code_options import parser_of
from mocgioi.commands.options import AsJson, AsOf, Reason, days_of, moment_of, office_of, post_of
from schemas.codebook import Kind, Outcome, Side, Stands

incidents = typer.Typer(help="Vụ việc đã ghi · the recorded incidents.", no_args_is_help=True)
conflicts = typer.Typer(short_help="Sự kiện mâu thuẫn · events kept aside")


Subject = Annotated[str, typer.Argument(metavar="INCIDENT", help="mã vụ việc · its id, as `incidents list` shows it")]
Clause = Annotated[str | None, typer.Option(metavar="CLAUSE", help='điều khoản · clause, e.g. "21(1)"')]
ChosenSide = Annotated[Side | None, typer.Option(parser=parser_of(Side), metavar="SIDE", help=f"phía · whose act: {', '.join(Side)}")]
Source = Annotated[str, typer.Argument(metavar="SOURCE", help="nguồn · source, e.g. /posts/tan-thanh/d1")]
EventId = Annotated[str, typer.Argument(metavar="ID", help="mã sự kiện · event id")]
ByOffice = Annotated[str, typer.Option("--by", "--office", metavar="OFFICE", help="cơ quan · office, e.g. so-ngoai-vu-lang-son")]
ChosenOutcome = Annotated[
    Outcome | None, typer.Option(parser=parser_of(Outcome), metavar="OUTCOME", help=f"kết luận · outcome: {', '.join(Outcome)}")
]


def add_to(app: typer.Typer) -> None:
    """Add the commands to the program."""
    incidents.add_typer(conflicts, name="conflicts")
    app.add_typer(incidents, name="incidents")


@incidents.command(name="list", short_help="Liệt kê · list them")
def list_them(
    side: ChosenSide = None,
    kind: Annotated[Kind | None, typer.Option(parser=parser_of(Kind), metavar="KIND", help=f"loại việc · kind: {', '.join(Kind)}")] = None,
    outcome: ChosenOutcome = None,
    province: Annotated[
        Province | None, typer.Option(parser=parser_of(Province), metavar="PROVINCE", help='tỉnh · province, e.g. lang-son, "Lang Son"')
    ] = None,
    post: Annotated[
        str | None, typer.Option("--post", metavar="POST", help="đồn báo đầu tiên · the post that reported first: tan-thanh")
    ] = None,
    day: Annotated[str | None, typer.Option("--day", metavar="DATE", help="xảy ra ngày · occurred on that day: 2019-12-14")] = None,
    first_day: Annotated[str | None, typer.Option("--from", metavar="DATE", help="xảy ra từ ngày · occurred on that day or later")] = None,
    last_day: Annotated[
        str | None, typer.Option("--to", metavar="DATE", help="xảy ra đến hết ngày · occurred on that day or earlier")
    ] = None,
    acknowledged: Annotated[
        bool | None,
        typer.Option("--acknowledged/--unacknowledged", help="trực ban đã nhận, chưa nhận · a duty officer took note of it, or nobody did"),
    ] = None,
    judge_failed: Annotated[bool, typer.Option("--judge-failed", help="chưa phân loại lại được · whose judging crashed")] = False,
    limit: Annotated[int | None, typer.Option(min=1, metavar="N", help="nhiều nhất · at most")] = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """Liệt kê vụ việc, mới nhất trước · list incidents, the latest first."""
    from mocgioi.service.database import record_engine
    from mocgioi.views.incident import LIST_BELOW_FIRST, LIST_COLUMNS, list_cells
    from mocgioi.views.output import document, table
    from sinks.query.incidents import incidents

    moment = moment_of(as_of)
    occurred = days_of(day, first_day, last_day)
    with record_engine() as engine:
        rows = incidents(
            engine,
            side=side,
            kind=kind,
            outcome=outcome,
            province=province,
            post=post_of(post),
            occurred=occurred,
            acknowledged=acknowledged,
            judge_failed=judge_failed or None,
            limit=limit,
            as_of=moment,
        )
    if as_json:
        document(rows)
        return
    then = f", như đã biết lúc · as known at {moment.isoformat(timespec='seconds')}" if moment else ""
    table(LIST_COLUMNS, [list_cells(row) for row in rows], title=f"{len(rows)} vụ việc · incidents{then}", below_first=LIST_BELOW_FIRST)


@incidents.command(short_help="Một vụ việc và lý do · one of them, and why")
def show(incident: Subject, as_of: AsOf = None, as_json: AsJson = False) -> None:
    """Một vụ việc: kết luận, lý do, các sự kiện, việc trực ban đã và cần làm · one incident: outcome, why, its events, what was and is to be done."""
    from mocgioi.service.database import record_engine
    from mocgioi.views.duty import show as show_duty
    from mocgioi.views.duty import with_duty
    from mocgioi.views.effect import with_effect
    from mocgioi.views.incident import show as show_incident
    from mocgioi.views.output import document, fail
    from sinks.query.attention import notifications
    from sinks.query.incidents import incident_shown

    moment = moment_of(as_of)
    with record_engine() as engine:
        shown = incident_shown(engine, incident, as_of=moment)
        sent = notifications(engine, incident, as_of=moment)
    if shown is None:
        then = f" khi đó · as of {as_of}" if as_of else ""
        fail("not_found", f"{incident}: chưa có vụ việc này{then} · no such incident")
    shown = with_duty(with_effect(shown), sent)
    if as_json:
        document(shown)
    else:
        show_incident(shown)
        show_duty(shown)


@incidents.command(short_help="Theo dõi · follow what is recorded")
def watch(
    since: Annotated[
        str | None,
        typer.Option("--since", metavar="T", help="từ lúc nào, không ghi là từ bây giờ · from when, else from now: 2026-11-28T06:00"),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """In mỗi vụ việc mới hoặc thay đổi, đến khi bấm Ctrl-C · print each incident that is new or changes, until interrupted."""
    from contextlib import suppress

    from mocgioi.service.database import record_engine
    from mocgioi.service.incident_watch import changes
    from mocgioi.views.incident import watched_words
    from mocgioi.views.output import line, say

    begins = moment_of(since, "--since", ends_day=False)
    with suppress(KeyboardInterrupt), record_engine() as engine:
        for row in changes(engine, since=begins):
            if as_json:
                line(row)
            else:
                say(watched_words(row))
            sys.stdout.flush()  # a pipe would hold it back


@incidents.command(short_help="Kết luận của cán bộ · an officer's finding")
def assess(
    incident: Subject,
    reason: Reason,
    office: ByOffice,
    outcome: ChosenOutcome = None,
    clause: Clause = None,
    article39: Annotated[int | None, typer.Option(min=1, max=16, metavar="ITEM", help="mục của Điều 39 · item of Article 39")] = None,
    side: ChosenSide = None,
) -> None:
    """Kết luận của cán bộ; quyết định số liệu, không che kết luận của máy · an officer's finding over the machine's."""
    from mocgioi.service.decisions import decide
    from mocgioi.service.settings import load
    from mocgioi.views.output import USAGE, fail, say

    by_office = office_of(office)
    finding = {"outcome": outcome, "clause": clause, "article39": article39, "side": side}
    stated = {name: value for name, value in finding.items() if value is not None}
    if not stated:
        fail("usage", "cần ít nhất một · give at least one of --outcome, --clause, --article39, --side", USAGE)
    say(decide(load(), incident, "incident.assessed", by_office, {"reason": reason, "by_office": by_office} | stated).sentence)


@incidents.command(short_help="Hủy việc rút · withdraw a retraction")
def reinstate(incident: Subject, reason: Reason, office: ByOffice) -> None:
    """Hủy việc rút một vụ việc: vụ việc lại được tính · withdraw a retraction: the incident counts again."""
    from mocgioi.service.decisions import decide
    from mocgioi.service.settings import load
    from mocgioi.views.output import say

    say(decide(load(), incident, "incident.reinstated", office_of(office), {"reason": reason}).sentence)


@conflicts.callback(invoke_without_command=True)
def list_conflicts(context: typer.Context, as_json: AsJson = False) -> None:
    """Sự kiện trùng mã hoặc trùng số thứ tự nhưng khác nội dung · events kept aside: same id or sequence, another body."""
    if context.invoked_subcommand is not None:
        return
    from mocgioi.service.database import record_engine
    from mocgioi.views.incident import CONFLICT_COLUMNS, conflict_cells
    from mocgioi.views.output import document, table
    from sinks.query.conflicts import conflicts

    with record_engine() as engine:
        rows = conflicts(engine)
    if as_json:
        document(rows)
        return
    table(CONFLICT_COLUMNS, [conflict_cells(row) for row in rows], title=f"{len(rows)} mâu thuẫn · conflicts")


@conflicts.command("show", short_help="Hai bản, chỗ khác nhau · both bodies, and what differs")
def show_conflict(source: Source, event: EventId, as_json: AsJson = False) -> None:
    """Bản đã ghi và bản để riêng, các trường khác nhau · the recorded body and the one kept aside: the fields that differ."""
    from mocgioi.service.conflicts import conflicts_of
    from mocgioi.service.database import record_engine
    from mocgioi.views.conflicts import show as show_rows
    from mocgioi.views.output import document

    with record_engine() as engine:
        rows = conflicts_of(engine, source, event)
    if as_json:
        document(rows)
    else:
        show_rows(rows)


@conflicts.command("settle", short_help="Xử lý mâu thuẫn · settle one")
def settle_conflict(
    source: Source,
    event: EventId,
    stands: Annotated[
        Stands,
        typer.Option(
            parser=parser_of(Stands), metavar="BODY", help="bản đứng vững: first (đã ghi), other (để riêng), both · which body stands"
        ),
    ],
    reason: Reason,
    office: ByOffice,
    digest: Annotated[
        str | None, typer.Option(metavar="SHA256", help="bản nào, nếu có nhiều bản để riêng · which of several bodies")
    ] = None,
) -> None:
    """Cơ quan xử lý mâu thuẫn, hoặc báo cáo thứ hai của đơn vị khác · an office settles a conflict, or another unit's second report."""
    from mocgioi.service.conflicts import settle
    from mocgioi.service.settings import load
    from mocgioi.views.output import say

    say(settle(load(), source, event, stands=stands, reason=reason, office=office_of(office), digest=digest).sentence)
