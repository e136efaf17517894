"""`mocgioi rules`: the rule pack, rule by rule, and what another one would change."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from mocgioi.commands.options import AsJson

if TYPE_CHECKING:
    from agreement.packs import Pack
    from agreement.rules.rule import Rule

rules = typer.Typer(help="Các quy tắc của Hiệp định · the rules of the Agreement.", no_args_is_help=True)

RuleId = Annotated[str, typer.Argument(metavar="ID", help="mã quy tắc · rule id, e.g. 21.1.new_works")]


def add_to(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.add_typer(rules, name="rules")


@rules.command(name="list", short_help="Liệt kê · list them")
def list_them(as_json: AsJson = False) -> None:
    """Liệt kê quy tắc: điều khoản, nội dung, giới hạn, bộ · list the rules: clause, title, limit, pack."""
    from agreement.rules.table import RULES
    from mocgioi.views.output import document, table
    from mocgioi.views.rule import LIST_COLUMNS, list_cells, listed

    rows = [listed(rule, _holding(rule.id)) for rule in RULES]
    if as_json:
        document(rows)
    else:
        table(LIST_COLUMNS, [list_cells(row) for row in rows], title=f"{len(rows)} quy tắc · rules")


@rules.command(short_help="Một quy tắc · one of them, whole")
def show(rule: RuleId, as_json: AsJson = False) -> None:
    """Một quy tắc: điều khoản, ngoại lệ, sổ tay trực ban, ví dụ · one rule: clause, exceptions, runbook, fixtures."""
    from mocgioi.views.output import document, say
    from mocgioi.views.rule import as_json as as_document
    from mocgioi.views.rule import sheet

    chosen = _rule(rule)
    if as_json:
        document(as_document(chosen, _holding(chosen.id)))
    else:
        for text in sheet(chosen, _holding(chosen.id)):
            say(text)


@rules.command(name="test", short_help="Chạy ví dụ · run the fixtures")
def run_fixtures(
    chosen: Annotated[list[str] | None, typer.Argument(metavar="[ID…]", help="mã quy tắc; mặc định tất cả · rule ids, default all")] = None,
    as_json: AsJson = False,
) -> None:
    """Chạy ví dụ của các quy tắc, mỗi ví dụ một dòng · run the rules' fixtures, a line each; exit 1 if any fails."""
    from agreement.rules.table import RULES
    from agreement.trial import tried
    from mocgioi.views.output import line as json_line
    from mocgioi.views.output import say
    from mocgioi.views.rule import fixture_json, line

    results = [trial for rule in ([_rule(name) for name in chosen] if chosen else RULES) for trial in tried(rule)]
    for trial in results:
        if as_json:
            json_line(fixture_json(trial))
        else:
            say(line(trial))
    failed = sum(not trial.passed for trial in results)
    if not as_json:
        say(f"{len(results)} ví dụ · fixtures, {failed} sai · failed")
    raise typer.Exit(1 if failed or not results else 0)


@rules.command(short_help="So hai bộ quy tắc · compare two packs")
def diff(
    old: Annotated[str, typer.Argument(metavar="OLD", help="bộ quy tắc · rule pack, e.g. 2009.1")],
    new_pack: Annotated[str, typer.Argument(metavar="NEW", help="bộ quy tắc khác · another one")],
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S%z"], metavar="T", help="chỉ vụ xảy ra từ · occurred since")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Phân loại lại lịch sử theo cả hai bộ, dù có hiệu lực ngày nào · judge the history under both, whatever days they hold on."""
    from agreement.packs import pack_named
    from border.vietnam import HANOI
    from mocgioi.service.database import record_engine
    from mocgioi.views import rule_changes
    from mocgioi.views.output import document
    from mocgioi.views.progress import progress
    from sinks.record.rejudge import under_both

    packs = pack_named(old), pack_named(new_pack)
    moment = since.replace(tzinfo=HANOI) if since and since.tzinfo is None else since
    with record_engine() as engine, progress("phân loại lại · judging again") as advance:
        changes = under_both(engine, *packs, since=moment, on_progress=advance)
    if as_json:
        document({"old": old, "new": new_pack, "since": moment.isoformat() if moment else None} | rule_changes.as_json(changes))
    else:
        rule_changes.show(changes)


def _rule(rule_id: str) -> "Rule":
    from agreement.rules.table import RULES
    from mocgioi.views.output import fail
    from schemas.problems import nearest

    by_id = {rule.id: rule for rule in RULES}
    if rule_id not in by_id:
        fail("not_found", f"{rule_id}: không có quy tắc này{nearest(rule_id, by_id)} · no such rule")
    return by_id[rule_id]


def _holding(rule_id: str) -> "list[Pack]":
    from agreement import packs

    return [pack for pack in packs.PACKS if any(rule.id == rule_id for rule in pack.rules)]
