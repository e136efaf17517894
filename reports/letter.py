"""The letter that a report becomes when its office issues it: number, date, signer, recipients. Pure.

Decree 30/2020/NĐ-CP: Article 8 and Annex I (the parts and their form), Article 13 (who signs for whom), Article 15 (numbers).
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from border.offices import offices
from border.provinces import province_name
from reports.model import Letter
from schemas.failures import Failure
from schemas.problems import nearest
from schemas.secrecy import marked_secret

_SYMBOL = re.compile(r"BC(-[A-ZĐ][A-Za-zĐđ&]*)+")
_CAPACITY = re.compile(r"(TM|KT|TL|TUQ|Q)\s*\.\s*")
_CAPACITY_WITHOUT_STOP = re.compile(r"(TM|KT|TL|TUQ|Q)\s")
_DEPUTY = re.compile(r"\b(PHÓ|THỨ TRƯỞNG)\b")
_DISPATCH = re.compile(
    r"[^\W\d].* số \S+/\S+,? ngày (?P<day>\d{1,2})(?:/| tháng )(?P<month>\d{1,2})(?:/| năm )(?P<year>\d{4}) của \S.*", re.DOTALL
)
_LONGEST = 300
_SIGNERS = "GIÁM ĐỐC, KT. GIÁM ĐỐC / PHÓ GIÁM ĐỐC, TL. GIÁM ĐỐC / CHÁNH VĂN PHÒNG, TUQ. GIÁM ĐỐC / CHÁNH VĂN PHÒNG, Q. GIÁM ĐỐC"


class BadLetter(Failure):
    """The letter cannot go out like this: each part that is wrong, and what was expected."""

    code = "letter"

    def __init__(self, problems: Iterable[tuple[str, str]]) -> None:
        self.problems = tuple(problems)
        """Fields of `reports.model.Letter`, each with a sentence."""
        super().__init__("; ".join(f"{part}: {sentence}" for part, sentence in self.problems))


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What stays the same on all reports of an office. A part that is empty has to be given with each, but for `superior`."""

    superior: str = ""
    """`UBND tỉnh Lạng Sơn`; an office with none above it prints none."""
    office: str = ""
    """`Sở Ngoại vụ`, as it stands in a sentence."""
    symbol: str = ""
    """`BC-SNgV`."""
    place: str = ""
    """`Lạng Sơn`."""
    recipients: tuple[str, ...] = ()
    signer: str = ""
    """`KT. GIÁM ĐỐC / PHÓ GIÁM ĐỐC`."""


def letterhead_of(office: str, own: Letterhead) -> Letterhead:
    """The letterhead of an office: its own, and where that is empty what the register of offices has.

    Raises `BadLetter` for an office that neither has a name of.
    """
    given = {part: value for part in Letterhead.__dataclass_fields__ if (value := getattr(own, part))}
    if office not in offices() and not own.office:
        raise BadLetter([("office", f"không có cơ quan {office!r} trong danh mục{nearest(office, offices())}; cần tên cơ quan ban hành")])
    return replace(_registered(office), **given)


def letter(
    head: Letterhead,
    number: str | None,
    dated: date,
    *,
    closed_on: date,
    today: date,
    signed_by: str | None = None,
    answers: str | None = None,
) -> Letter:
    """The letter of a report whose figures were closed at the end of the day `closed_on`. Raises `BadLetter` with all that is wrong."""
    parts: dict[str, Callable[[], Any]] = {
        "superior": lambda: typed_line(head.superior),
        "office": lambda: _given(head.office, "tên cơ quan ban hành, như Sở Ngoại vụ"),
        "number": lambda: numbered(number, head.symbol),
        "place": lambda: _given(head.place, "địa danh, như Lạng Sơn"),
        "dated": lambda: _day(dated, closed_on, today),
        "recipients": lambda: recipients(head.recipients),
        "signer": lambda: signer(head.signer),
        "signed_by": lambda: typed_line(signed_by or "") or None,
        "answers": lambda: None if answers is None else _dispatch(answers, dated),
    }
    values, problems = {}, []
    for part, read in parts.items():
        try:
            values[part] = read()
        except ValueError as wrong:
            problems.append((part, str(wrong)))
    if problems:
        raise BadLetter(problems)
    return Letter(**values)


def numbered(number: str | None, symbol: str) -> str:
    """`07/BC-SNgV` of `7`: a number below 10 has a zero before it (Annex I). Without a number `/BC-SNgV`. Raises `ValueError`.

    A paper's number may be given after it is signed (Article 15): then the clerk writes it before the symbol.
    """
    digits, _, given = (number or "").strip().partition("/")
    if number is not None and not (digits.isascii() and digits.isdecimal() and 0 < int(digits) < 1_000_000):
        raise ValueError(f"{number!r}: cần số văn bản, như 215 hoặc 215/BC-SNgV")
    symbol = unicodedata.normalize("NFC", given or symbol)
    if not _SYMBOL.fullmatch(symbol):
        raise ValueError(f"ký hiệu {symbol!r}: cần ký hiệu của báo cáo, như BC-SNgV; ghi cùng số (215/BC-SNgV) hoặc đặt trong thiết lập")
    return f"/{symbol}" if number is None else f"{int(digits):02d}/{symbol}"


def signer(text: str) -> tuple[str, ...]:
    """The lines above the signature: `KT. GIÁM ĐỐC / PHÓ GIÁM ĐỐC`. Raises `ValueError`, saying which form was expected.

    Article 13: a deputy signs for the head (KT.). The head of a part of the office signs by order (TL.), which a deputy may do for him, or as
    authorised in writing (TUQ.), which nobody may do for him. An acting head signs as such (Q.), and for a collective body who leads it (TM.).
    """
    lines = [line for part in text.upper().split("/") if (line := typed_line(part))]
    if not lines:
        raise ValueError(f"cần chức vụ người ký, như {_SIGNERS}")
    for line in lines:
        if _CAPACITY_WITHOUT_STOP.match(line):
            raise ValueError(f"{line!r}: sau chữ viết tắt cần dấu chấm, như {line.partition(' ')[0]}. {line.partition(' ')[2].strip()}")
    signed = [_capacity(line) for line in lines]
    for (capacity, position), line in zip(signed, lines, strict=True):
        if not position or position.endswith("."):
            raise ValueError(f"{line!r}: thiếu chức vụ sau {capacity}." if capacity else f"{line!r}: cần chức vụ, như GIÁM ĐỐC")
    rest = signed[1:] if signed[0][0] == "TM" else signed
    capacities = tuple(capacity if capacity != "Q" else "" for capacity, _ in rest)
    if capacities not in {("",), ("KT", ""), ("TL", ""), ("TUQ", ""), ("TL", "KT", "")}:
        raise ValueError(f"{text!r}: cần một trong các dạng {_SIGNERS}; mỗi dòng cách nhau bằng dấu /")
    if "KT" in capacities and not _DEPUTY.search(rest[-1][1]):
        raise ValueError(f"{rest[-1][1]!r}: ký thay (KT.) là cấp phó ký, dòng sau cần chức vụ như PHÓ GIÁM ĐỐC")
    return tuple(f"{capacity}. {position}" if capacity else position for capacity, position in signed)


def recipients(lines: Sequence[str]) -> tuple[str, ...]:
    """The lines of "Nơi nhận" without their marks; the copy that the office keeps ("Lưu: VT") is always among them. Raises `ValueError`."""
    plain = [line for each in lines if (line := typed_line(each).removeprefix("-").strip().rstrip(";.").strip())]
    kept = [line for line in plain if line.casefold().startswith("lưu")]
    others = [line for line in plain if line not in kept]
    if not others:
        raise ValueError("cần ít nhất một nơi nhận, như UBND tỉnh (báo cáo)")
    return (*others, *(kept or ("Lưu: VT",)))


def dated_text(day: date) -> str:
    """`ngày 05 tháng 02 năm 2020`: a day below 10, and January and February, have a zero before them (Annex I)."""
    return f"ngày {day.day:02d} tháng {day.month:0{2 if day.month < 3 else 1}d} năm {day.year}"


def _registered(slug: str) -> Letterhead:
    """What the register tells of an office. Only of departments of foreign affairs have reports been seen whole, with recipients and signer."""
    office = offices().get(slug)
    if office is None:
        return Letterhead()
    if office.province is None:
        return Letterhead(office=office.name)
    name = province_name(office.province)
    if slug.startswith("so-ngoai-vu-"):
        to = ("UBND tỉnh (báo cáo)", "Công an tỉnh", "Lãnh đạo Sở", "Lưu: VT")
        return Letterhead(f"UBND tỉnh {name}", "Sở Ngoại vụ", "BC-SNgV", name, to, "GIÁM ĐỐC")
    return Letterhead(office=office.name, place=name)


def _capacity(line: str) -> tuple[str, str]:
    """`("KT", "GIÁM ĐỐC")` of `KT.GIÁM ĐỐC`; no capacity of who signs as what he is."""
    matched = _CAPACITY.match(line)
    return ("", line) if matched is None else (matched[1], line[matched.end() :])


def _day(dated: date, closed_on: date, today: date) -> date:
    if dated > today:
        raise ValueError(f"{dated:%d/%m/%Y}: ngày chưa tới, cần ngày ban hành, không sau {today:%d/%m/%Y}")
    if dated <= closed_on:
        raise ValueError(f"{dated:%d/%m/%Y}: số liệu của kỳ chốt hết ngày {closed_on:%d/%m/%Y}, cần ngày ban hành sau đó")
    return dated


def _dispatch(text: str, dated: date) -> str:
    """The dispatch that asked for the report. Raises `ValueError`."""
    line, example = _given(text, "văn bản yêu cầu báo cáo"), "Công văn số 123/UBND-TH ngày 02/12/2019 của UBND tỉnh"
    matched = _DISPATCH.fullmatch(line)
    try:
        day = matched and date(int(matched["year"]), int(matched["month"]), int(matched["day"]))
    except ValueError:
        day = None
    if day is None:
        raise ValueError(f"{line!r}: cần tên loại, số, ngày và cơ quan, như {example}")
    if day > dated:
        raise ValueError(f"{line!r}: văn bản yêu cầu đề ngày sau báo cáo ({dated:%d/%m/%Y})")
    return line


def _given(text: str, expected: str) -> str:
    line = typed_line(text)
    if not line:
        raise ValueError(f"cần {expected}")
    return line


def typed_line(text: str) -> str:
    """What somebody typed, as one line of a document. Raises `ValueError` for what no letter may hold."""
    line = " ".join(unicodedata.normalize("NFC", text).split())
    if len(line) > _LONGEST:
        raise ValueError(f"dài {len(line)} ký tự, cần nhiều nhất {_LONGEST}")
    if not line.isprintable():
        raise ValueError("có ký tự không in được")
    if marked_secret(line):
        raise ValueError("có dấu chỉ mức bí mật: văn bản như vậy đánh số riêng, vào sổ riêng, không phát hành ở đây")
    return line
