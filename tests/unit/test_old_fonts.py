"""A text in the letters of an old font is named as such: read as it stands it would say nothing, and no one would know."""

from pathlib import Path

import docx
import openpyxl
import pytest

from texts.documents import text_of
from texts.files import Unreadable
from texts.old_fonts import old_font
from texts.table.crossfoot import crossfoot

TCVN3 = "Trong n¨m 2007 toµn tØnh x¶y ra 08 vô viÖc vi ph¹m HiÖp ®Þnh."
OLD = {
    TCVN3: "TCVN3 (.VnTime)",
    "Th¸ng 3 t¨ng 02 vô so víi cïng kú": "TCVN3 (.VnTime)",
    "§oµn c«ng t¸c cña tØnh": "TCVN3 (.VnTime)",
    "Trong naêm 2007 toaøn tænh xaûy ra 08 vuï vieäc vi phaïm Hieäp ñònh.": "VNI",
    "TRONG NAÊM 2007 TOAØN TÆNH XAÛY RA 08 VUÏ VI PHAÏM": "VNI",
    "Trong na(m 2007 toa`n ti?nh xa?y ra 08 vu. vie^.c vi pha.m Hie^.p ddi.nh.": "VIQR",
}
UNICODE = (
    "Trong năm 2007 toàn tỉnh xảy ra 08 vụ việc vi phạm Hiệp định.",
    "Trong nam 2007 toan tinh xay ra 08 vu viec vi pham Hiep dinh. Vu. Ra. Nam?",
    "Diện tích 12 m², µ = 3, §5, «trích», ©2020, 1½ ngày, tháng 3¹",
    "Citroën, Škoda, naïve, Besançon: 12 chiếc",
    "lang-son,2018,,breach.total,4",
    "",
)


@pytest.mark.parametrize("text", OLD)
def test_each_old_alphabet_is_named(text: str) -> None:
    assert old_font(text) == OLD[text]


@pytest.mark.parametrize("text", UNICODE)
def test_unicode_is_no_old_font(text: str) -> None:
    assert old_font(text) is None


def refused(path: Path) -> str:
    with pytest.raises(Unreadable) as caught:
        (crossfoot if path.suffix == ".xlsx" else text_of)(path)
    assert caught.value.code == "old_font"
    return str(caught.value)


def test_a_file_with_a_line_in_an_old_font_is_refused_whatever_its_form(tmp_path: Path) -> None:
    (tmp_path / "bc.txt").write_text(f"BÁO CÁO\n{TCVN3}\n")
    assert refused(tmp_path / "bc.txt").startswith("dòng 2: viết bằng chữ của phông cũ TCVN3 (.VnTime)")
    (tmp_path / "cu.txt").write_bytes(TCVN3.encode("latin-1"))
    assert "TCVN3" in refused(tmp_path / "cu.txt")
    document = docx.Document()
    document.add_paragraph("BÁO CÁO")
    document.add_paragraph().add_run(TCVN3).font.name = ".VnTime"
    document.save(str(tmp_path / "bc.docx"))
    assert "TCVN3" in refused(tmp_path / "bc.docx")
    book = openpyxl.Workbook()
    for row in [("Néi dung vô viÖc cña tØnh", "Sè vô"), ("Ma tóy", 6), ("Tæng céng", 6)]:
        book.active.append(row)  # type: ignore[union-attr]
    book.save(tmp_path / "bang.xlsx")
    assert "TCVN3" in refused(tmp_path / "bang.xlsx")
