"""`mocgioi report issue`: an office issues a report, by a letter with number, date, signer and recipients."""

from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from agreement.periods import Regime
from mocgioi.commands.options import AsJson, AsOf, PeriodName, RegimeName, UnitName, day_of, moment_in, office_of, today, unit_and_period
from mocgioi.commands.reporting.build import Estimated, longer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reports.issued import IssuedReport

Office = Annotated[
    str | None,
    typer.Option("--by", metavar="OFFICE", help="cơ quan phát hành · the office, e.g. so-ngoai-vu-lang-son; else MOCGIOI_OFFICE"),
]
Number = Annotated[
    str | None, typer.Option("--number", metavar="N", help="số văn bản · of the letter: 215, or 215/BC-SNgV; else it is left to be written")
]
Dated = Annotated[str | None, typer.Option("--date", metavar="DATE", help="ngày ban hành, mặc định hôm nay · of the letter, else today")]
SignerLines = Annotated[
    str | None,
    typer.Option("--signer", metavar="TEXT", help="người ký · who signs: “KT. GIÁM ĐỐC / PHÓ GIÁM ĐỐC”; else MOCGIOI_OFFICE_SIGNER"),
]
SignedBy = Annotated[
    str | None, typer.Option("--signed-by", metavar="NAME", help="họ tên người ký; không ghi thì để trống · the signer's name")
]
To = Annotated[
    list[str] | None,
    typer.Option("--to", metavar="TEXT", help="nơi nhận, một lần mỗi dòng · a recipient each; else MOCGIOI_OFFICE_RECIPIENTS"),
]
Answers = Annotated[
    str | None,
    typer.Option("--answers", metavar="TEXT", help="văn bản yêu cầu báo cáo · the dispatch answered: “Công văn số … ngày … của …”"),
]
Accept = Annotated[
    list[str] | None,
    typer.Option("--accept", metavar="CODE=REASON", help="chấp nhận một điểm cảnh báo, kèm lý do được in ra · accept a warning; printed"),
]
Yes = Annotated[bool, typer.Option("--yes", help="không hỏi · do not ask")]

_OPTIONS = {
    "superior": "MOCGIOI_OFFICE_SUPERIOR",
    "office": "MOCGIOI_OFFICE_NAME",
    "number": "--number, MOCGIOI_OFFICE_SYMBOL",
    "place": "MOCGIOI_OFFICE_PLACE",
    "dated": "--date",
    "recipients": "--to, MOCGIOI_OFFICE_RECIPIENTS",
    "signer": "--signer, MOCGIOI_OFFICE_SIGNER",
    "signed_by": "--signed-by",
    "answers": "--answers",
}
"""Where each part of a letter is given."""


def add_to(report: typer.Typer) -> None:
    """Add the command to `mocgioi report`."""
    report.command(short_help="Phát hành · issue a report")(issue)


def issue(
    period: PeriodName,
    unit: UnitName,
    by: Office = None,
    number: Number = None,
    dated: Dated = None,
    signer: SignerLines = None,
    to: To = None,
    answers: Answers = None,
    signed_by: SignedBy = None,
    accept: Accept = None,
    regime: RegimeName = Regime.ND09,
    as_of: AsOf = None,
    estimate: Estimated = None,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Phát hành: cho xem việc còn mở, hỏi lại, rồi cất giữ mãi mãi; số liệu có điều chỉnh thì thành bản tiếp theo kèm phụ lục.

    Issue a report: shows what is open, asks, then keeps letter and documents for ever; what moved since makes the next version, which says so.
    """
    from mocgioi.service.database import record_engine
    from mocgioi.service.report_issuing import Wanted, accepted_of, letterhead_set, settled
    from mocgioi.service.settings import load
    from mocgioi.views.output import USAGE, fail, notice, say
    from reports.build import build
    from reports.estimates import NotEstimable
    from reports.issuing import NotAccepted, NotReleasable, check_releasable, standing
    from reports.issuing import issue as freeze
    from reports.letter import BadLetter

    whose, span = unit_and_period(unit, period, regime)
    settings = load()
    if (named := by or settings.office) is None:
        fail("usage", "cơ quan phát hành: cần --by hoặc MOCGIOI_OFFICE · which office issues it?", USAGE)
    office = office_of(named)
    issued_on, accepting = day_of("--date", dated) or today(), accepted_of(accept or ())
    try:
        head = letterhead_set(settings, office, signer, to or ())
        wanted = Wanted(head, number, issued_on, today(), signed_by, answers, accepting)
        with record_engine(settings) as engine:
            then, expected = moment_in(engine, as_of), longer(estimate, regime)
            report = build(engine, whose, span, then, least_shown=settings.report_min_cell, estimate=expected)
            check_releasable(report)
            if (out := standing(engine, report)) is None:
                letter, accepted = settled(report, wanted, notice if as_json else say, yes=yes)
                out = freeze(engine, report, by=office, letter=letter, accepted=accepted)
    except NotReleasable as refused:
        _refuse((check.code, check.message) for check in refused.checks)
    except NotAccepted as refused:
        _refuse((check.code, f'{check.message}; chấp nhận · to accept it: --accept {check.code}="…lý do…"') for check in refused.checks)
    except BadLetter as wrong:
        _refuse((part, f"{sentence} ({_OPTIONS[part]})") for part, sentence in wrong.problems)
    except NotEstimable as wrong:
        fail("estimate", str(wrong))
    _print(out, number, as_json=as_json)


def _refuse(problems: "Iterable[tuple[str, str]]") -> NoReturn:
    from mocgioi.views.output import REFUSED, problem

    for code, sentence in problems:
        problem(code, sentence)
    raise SystemExit(REFUSED) from None


def _print(out: "IssuedReport", number: str | None, *, as_json: bool) -> None:
    from mocgioi.views.output import document, say

    report, letter = out.report, out.report.letter
    if as_json:
        document(
            {
                "unit": report.unit,
                "regime": report.regime,
                "period": report.period,
                "version": report.version,
                "new": out.new,
                "as_of": report.as_of.isoformat(),
                "data_sha256": report.data_sha256,
                "moved": [move.model_dump(mode="json") for move in report.moved] if out.new else [],
                "letter": None if letter is None else letter.model_dump(mode="json"),
                "accepted": [each.model_dump(mode="json") for each in report.accepted],
            }
        )
        return
    name = f"{report.unit_name}, {report.span.name}, bản {report.version}"
    under = "" if letter is None else f", số {letter.number}"
    if not out.new:
        unused = (
            ""
            if number is None or (letter is not None and number in (letter.number, letter.number.partition("/")[0]))
            else f"; số {number} không dùng"
        )
        say(f"{name}{under}: không có số liệu nào thay đổi, bản này còn nguyên giá trị{unused} · nothing moved, this version stands")
        return
    moved = f" ({len(report.moved)} số liệu điều chỉnh · figures moved)" if report.version != 1 else ""
    say(f"Đã phát hành · issued: {name}{under}{moved}, {report.data_sha256[:12]}")
    for move in report.moved:
        figure = report.figure(move.figure)
        label = move.figure if figure is None else f"{figure.label} ({move.figure})"
        again = "xét lại · judged again" if move.added or move.removed or move.changed else ""  # else it is suppressed, and so is why
        say("; ".join(filter(None, (f"  {label}: {_shown(move.before)} → {_shown(move.after)}", ", ".join(move.events) or again))))


def _shown(value: float | None) -> str:
    from texts.wording import number

    return "…" if value is None else number(value)
