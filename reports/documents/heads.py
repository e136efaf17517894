"""Who issues a report, to whom, on what, and who signs: Decree 30/2020/NĐ-CP, Article 8 and Annex I.

An issued report has its letter. A draft leaves blank what its office fills in.
"""

from datetime import timedelta

from agreement.periods import Regime
from border.places import Province, province_name
from border.provinces import counterparts, provinces
from border.vietnam import HANOI
from reports.documents.document_model import Head
from reports.letter import dated_text
from reports.model import Letter, Report
from reports.units import unit_named

_LAND, _SEA = "biên giới đất liền Việt Nam - Trung Quốc", "vùng biển"


def head(report: Report) -> Head:
    """The head of an issued report, or of a draft. Of the whole line, or of no province, the issuing body of a draft is left open."""
    if report.letter is not None:
        return _issued(report.letter)
    when = f"ngày    tháng    năm {report.as_of.astimezone(HANOI).year}"
    if not _of_province(report):
        return Head(
            superior="(CƠ QUAN CHỦ QUẢN)",
            office="(CƠ QUAN BAN HÀNH)",
            number="Số:        /BC-",
            place_and_date=f"................., {when}",
            recipients=("(nơi nhận);", "Lưu: VT."),
            signer="(CHỨC VỤ NGƯỜI KÝ)",
        )
    name = province_name(Province(report.unit))
    return Head(
        superior=f"UBND TỈNH {name.upper()}",
        office="SỞ NGOẠI VỤ",
        number="Số:        /BC-SNgV",
        place_and_date=f"{name}, {when}",
        recipients=("UBND tỉnh (báo cáo);", "Công an tỉnh;", "Lãnh đạo Sở;", "Lưu: VT."),
        signer="GIÁM ĐỐC",
    )


def subject(report: Report) -> str:
    """Trích yếu. Where a province has no land border with China, its report is one on its sea."""
    fields = [name for name, is_there in ((_LAND, _has_land(report)), (_SEA, _has_sea(report))) if is_there]
    return f"Tình hình quản lý {' và '.join(fields)} {_area(report)} {report.span.name}"


def opening(report: Report) -> str:
    """The opening sentence. It names the decree only where the decree defines the period, and the dispatch that the report answers."""
    duty = "chế độ báo cáo định kỳ"
    if report.regime is Regime.ND09:
        duty += " theo Nghị định số 09/2019/NĐ-CP của Chính phủ"
    if report.letter is not None and report.letter.answers is not None:
        duty += f" và {report.letter.answers}"
    return f"Thực hiện {duty}, {_author(report)} báo cáo {_matter(report)} {_area(report)} {report.span.name} như sau:"


def closing(report: Report) -> str:
    """The closing sentence."""
    return f"Trên đây là số liệu và {_matter(report)} {report.span.name}, {_author(report)} kính báo cáo {_addressee(report)}./."


def attached(report: Report) -> str:
    """What stands under an annex's title: which report it belongs to."""
    if report.letter is not None:
        return f"(Kèm theo Báo cáo số {_number(report.letter)} {dated_text(report.letter.dated)} của {report.letter.office})"
    draft = head(report)
    office = " của Sở Ngoại vụ" if _of_province(report) else ""
    return f"(Kèm theo Báo cáo số      {draft.number.removeprefix('Số:').strip()} {draft.place_and_date.partition(', ')[2]}{office})"


def _area(report: Report) -> str:
    """The stretch of the border that the report covers, within a sentence."""
    if _of_province(report):
        return f"trên địa bàn tỉnh {province_name(Province(report.unit))}"
    return "trên toàn tuyến" if report.unit == "all" else "ở nơi chưa rõ tỉnh"


def _number(letter: Letter) -> str:
    """Of the letter, with room for the number where it has none yet."""
    return f"       {letter.number}" if letter.number.startswith("/") else letter.number


def _issued(letter: Letter) -> Head:
    *others, last = letter.recipients
    return Head(
        superior=letter.superior.upper(),
        office=letter.office.upper(),
        number=f"Số: {_number(letter)}",
        place_and_date=f"{letter.place}, {dated_text(letter.dated)}",
        recipients=(*(f"{recipient};" for recipient in others), f"{last}."),
        signer="\n".join(letter.signer),
        signed_by=letter.signed_by or "",
    )


def _of_province(report: Report) -> bool:
    return report.unit in set(Province)


def _has_land(report: Report) -> bool:
    """Whether the unit borders China on land on the period's last day: itself, or a province that was merged into it since."""
    last = (report.end - timedelta(days=1)).astimezone(HANOI).date()
    merged = unit_named(report.unit).provinces
    return merged is None or any(counterparts(province, last) for province in merged)


def _has_sea(report: Report) -> bool:
    return _of_province(report) and provinces()[Province(report.unit)].has_sea


def _matter(report: Report) -> str:
    """What is reported on, in short."""
    if not _has_land(report):
        return f"tình hình quản lý {_SEA}"
    return f"tình hình quản lý biên giới{f' và {_SEA}' if _has_sea(report) else ''}"


def _author(report: Report) -> str:
    """Who reports, within a sentence."""
    if report.letter is not None:
        return report.letter.office
    return "Sở Ngoại vụ" if _of_province(report) else "cơ quan ban hành"


def _addressee(report: Report) -> str:
    """Whom it is for: the first of those who receive it."""
    if report.letter is not None:
        return report.letter.recipients[0].partition("(")[0].strip()
    return "Ủy ban nhân dân tỉnh" if _of_province(report) else "cấp có thẩm quyền"
