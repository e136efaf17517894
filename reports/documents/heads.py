"""Who issues a report, to whom, and who signs: Decree 30/2020/NĐ-CP, Article 8. The signer fills in what a program may not guess."""

from border.places import Province, province_name
from border.vietnam import HANOI
from reports.documents.document_model import Head
from reports.model import Report


def head(report: Report) -> Head:
    """A province's report is its Sở Ngoại vụ's, to the provincial committee. Of the whole line, or of no province, the issuing body is left open."""
    year = report.as_of.astimezone(HANOI).year
    when = f"ngày    tháng    năm {year}"
    if not of_province(report):
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


def of_province(report: Report) -> bool:
    """Whether it is a province's report."""
    return report.unit in set(Province)


def area(report: Report) -> str:
    """The stretch of the border that the report covers, within a sentence."""
    if of_province(report):
        return f"trên địa bàn tỉnh {province_name(Province(report.unit))}"
    return "trên toàn tuyến" if report.unit == "all" else "ở nơi chưa rõ tỉnh"


def author(report: Report) -> str:
    """Who reports, within a sentence."""
    return "Sở Ngoại vụ" if of_province(report) else "cơ quan ban hành"


def addressee(report: Report) -> str:
    """Whom it is for."""
    return "Ủy ban nhân dân tỉnh" if of_province(report) else "cấp có thẩm quyền"
