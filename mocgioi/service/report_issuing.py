"""What an office gives when it issues a report: by options, by its settings or, at a terminal, when it is asked."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from border.names import fold
from mocgioi.service.settings import Settings
from mocgioi.views.asking import Asker, asker
from mocgioi.views.issuing import letter_lines, open_lines
from mocgioi.views.output import USAGE, explain, fail
from reports.issuing import ACCEPTED_BY_CODE, to_accept
from reports.letter import Letterhead, letter, letterhead_of, numbered, typed_line
from reports.model import Accepted, Letter, Report
from schemas.problems import InvalidEvent, Problem, nearest

_YES = {"y": True, "yes": True, "c": True, "co": True, "n": False, "no": False, "k": False, "khong": False}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to stand on the letter, and which warnings are accepted, as far as it is known."""

    head: Letterhead
    number: str | None
    dated: date
    today: date
    signed_by: str | None
    answers: str | None
    accepted: tuple[Accepted, ...]


def letterhead_set(settings: Settings, office: str, signer: str | None, recipients: Iterable[str]) -> Letterhead:
    """The letterhead of an office: what was given for this letter, else what is set, else what the register tells.

    One installation serves one office. Where `MOCGIOI_OFFICE` names another than the one that issues, its settings are not for this letter.
    """
    own = Letterhead()
    if settings.office in (None, office):
        own = Letterhead(
            superior=settings.office_superior or "",
            office=settings.office_name or "",
            symbol=settings.office_symbol or "",
            place=settings.office_place or "",
            recipients=settings.office_recipients or (),
            signer=settings.office_signer or "",
        )
    head = letterhead_of(office, own)
    return replace(head, signer=signer or head.signer, recipients=tuple(recipients) or head.recipients)


def accepted_of(options: Iterable[str]) -> tuple[Accepted, ...]:
    """The warnings that `--accept CODE=REASON` accepts. What cannot be read is wrong usage."""
    accepted = {}
    for option in options:
        code, _, typed = option.partition("=")
        if code not in ACCEPTED_BY_CODE:
            fail(
                "usage",
                f"--accept {code!r}: cần một trong · needs one of {', '.join(ACCEPTED_BY_CODE)}{nearest(code, ACCEPTED_BY_CODE)}",
                USAGE,
            )
        try:
            reason = _reason(typed)
        except InvalidEvent as unread:
            fail("usage", f'--accept {code}: {unread.sentence}, như · as --accept {code}="đã hỏi lại từng đồn qua điện thoại"', USAGE)
        accepted[code] = Accepted(code=code, reason=reason)
    return tuple(accepted.values())


def settled(report: Report, wanted: Wanted, show: Callable[[str], None], *, yes: bool) -> tuple[Letter, tuple[Accepted, ...]]:
    """Show what is open; the letter, and what is accepted. Unless `yes`, a person is asked for what is missing, then whether to issue.

    Raises `BadLetter`. Leaves where nobody can be asked, and where the person does not want to.
    """
    for line in open_lines(report):
        show(line)
    person = None if yes else asker()
    if person is None and not yes:
        fail("usage", "chưa phát hành gì; thêm --yes để phát hành · nothing was issued; --yes issues it", USAGE)
    number, accepted = wanted.number, wanted.accepted
    if person is not None:
        number = number or person.ask(
            "Số văn bản, như 215 · number",
            lambda text: _read_number(text, wanted.head.symbol),
            none="văn thư ghi sau · written by hand later",
        )
        accepted = (*accepted, *_asked_reasons(person, report.model_copy(update={"accepted": accepted})))
    closed_on = (report.span.end - timedelta(days=1)).date()
    written = letter(
        wanted.head,
        number,
        wanted.dated,
        closed_on=closed_on,
        today=wanted.today,
        signed_by=wanted.signed_by,
        answers=wanted.answers,
    )
    if person is not None:
        for line in letter_lines(written, accepted):
            show(line)
        if not person.ask("Phát hành? · issue it? [y/N]", _read_yes, none="không · no"):
            fail("refused", "chưa phát hành gì · nothing was issued")
    return written, accepted


def _asked_reasons(person: Asker, report: Report) -> Iterable[Accepted]:
    """The reason for each warning that is not accepted yet. Leaves where there is none."""
    checks = to_accept(report)
    for code in dict.fromkeys(check.code for check in checks):
        for check in checks:
            if check.code == code:
                explain(f"{code}: {check.message}")
        reason = person.ask(f"Chấp nhận {code}, lý do (được in trong phụ lục) · accepted because", _reason, none="không chấp nhận · no")
        if reason is None:
            fail("refused", f"{code}: không được chấp nhận, chưa phát hành gì · not accepted, nothing was issued")
        yield Accepted(code=code, reason=reason)


def _reason(text: str) -> str:
    """Raises `InvalidEvent`, which asks again."""
    try:
        reason = typed_line(text)
    except ValueError as wrong:
        raise InvalidEvent([Problem("value", f"lý do {wrong}")]) from None
    if not reason:
        raise InvalidEvent([Problem("value", "cần lý do")])
    return reason


def _read_number(text: str, symbol: str) -> str:
    try:
        return numbered(text, symbol)
    except ValueError as wrong:
        raise InvalidEvent([Problem("value", str(wrong))]) from None


def _read_yes(text: str) -> bool:
    try:
        return _YES[fold(text)]
    except KeyError:
        raise InvalidEvent([Problem("value", "gõ y (phát hành) hoặc n (không)")]) from None
