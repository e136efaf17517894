"""The letter of an issued report has the form of Decree 30/2020/NĐ-CP, or says which part has not."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from border.offices import offices
from reports.letter import BadLetter, Letterhead, dated_text, letter, letterhead_of, numbered, recipients, signer

OFFICE = "so-ngoai-vu-lang-son"
HEAD = letterhead_of(OFFICE, Letterhead())
DAYS: dict[str, Any] = {"closed_on": date(2019, 12, 14), "today": date(2020, 1, 10)}


@pytest.mark.parametrize(
    ("typed", "lines"),
    [
        ("GIÁM ĐỐC", ("GIÁM ĐỐC",)),
        ("Q. GIÁM ĐỐC", ("Q. GIÁM ĐỐC",)),
        ("KT.GIÁM ĐỐC/PHÓ GIÁM ĐỐC", ("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC")),
        ("kt. giám đốc / phó giám đốc", ("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC")),
        ("KT. BỘ TRƯỞNG / THỨ TRƯỞNG", ("KT. BỘ TRƯỞNG", "THỨ TRƯỞNG")),
        ("KT. CHỈ HUY TRƯỞNG / PHÓ CHỈ HUY TRƯỞNG", ("KT. CHỈ HUY TRƯỞNG", "PHÓ CHỈ HUY TRƯỞNG")),
        ("TL. GIÁM ĐỐC / CHÁNH VĂN PHÒNG", ("TL. GIÁM ĐỐC", "CHÁNH VĂN PHÒNG")),
        ("TL. BỘ TRƯỞNG / KT. VỤ TRƯỞNG / PHÓ VỤ TRƯỞNG", ("TL. BỘ TRƯỞNG", "KT. VỤ TRƯỞNG", "PHÓ VỤ TRƯỞNG")),
        ("TUQ. GIÁM ĐỐC / CHÁNH VĂN PHÒNG", ("TUQ. GIÁM ĐỐC", "CHÁNH VĂN PHÒNG")),
        ("TM. ỦY BAN NHÂN DÂN / KT. CHỦ TỊCH / PHÓ CHỦ TỊCH", ("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH")),
    ],
)
def test_who_signs_for_whom_is_written_as_the_decree_has_it(typed: str, lines: tuple[str, ...]) -> None:
    assert signer(typed) == lines


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("", "chức vụ người ký"),
        ("KT. GIÁM ĐỐC", "KT. GIÁM ĐỐC / PHÓ GIÁM ĐỐC"),
        ("KT. GIÁM ĐỐC / CHÁNH VĂN PHÒNG", "cấp phó"),
        ("KT GIÁM ĐỐC / PHÓ GIÁM ĐỐC", "KT. GIÁM ĐỐC"),
        ("KT. / PHÓ GIÁM ĐỐC", "thiếu chức vụ sau KT."),
        ("TUQ. GIÁM ĐỐC / KT. CHÁNH VĂN PHÒNG / PHÓ CHÁNH VĂN PHÒNG", "một trong các dạng"),
        ("GIÁM ĐỐC / PHÓ GIÁM ĐỐC", "một trong các dạng"),
        ("TM. ỦY BAN NHÂN DÂN", "một trong các dạng"),
    ],
)
def test_another_form_of_signing_is_refused_with_the_form_that_was_expected(typed: str, expected: str) -> None:
    with pytest.raises(ValueError, match=expected):
        signer(typed)


@pytest.mark.parametrize(
    ("typed", "printed"),
    [(None, "/BC-SNgV"), ("7", "07/BC-SNgV"), ("215", "215/BC-SNgV"), ("0215", "215/BC-SNgV"), ("12/BC-BCH", "12/BC-BCH")],
)
def test_a_number_stands_before_its_symbol(typed: str | None, printed: str) -> None:
    assert numbered(typed, "BC-SNgV") == printed


@pytest.mark.parametrize(
    ("typed", "symbol", "expected"),
    [
        ("", "BC-SNgV", "như 215"),
        ("0", "BC-SNgV", "như 215"),
        ("215a", "BC-SNgV", "như 215"),
        ("-3", "BC-SNgV", "như 215"),
        ("215", "", "ký hiệu"),
        ("215/TB-UBND", "", "BC-SNgV"),
    ],
)
def test_a_number_that_no_report_has_is_refused(typed: str | None, symbol: str, expected: str) -> None:
    with pytest.raises(ValueError, match=expected):
        numbered(typed, symbol)


def test_recipients_lose_their_marks_and_the_office_keeps_a_copy() -> None:
    assert recipients(["- UBND tỉnh (báo cáo);", " ", "Công an tỉnh."]) == ("UBND tỉnh (báo cáo)", "Công an tỉnh", "Lưu: VT")
    assert recipients(["Lưu: VT, LS.", "UBND tỉnh"]) == ("UBND tỉnh", "Lưu: VT, LS")
    with pytest.raises(ValueError, match="nơi nhận"):
        recipients(["Lưu: VT"])


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (date(2020, 2, 5), "ngày 05 tháng 02 năm 2020"),
        (date(2019, 3, 15), "ngày 15 tháng 3 năm 2019"),
        (date(2019, 12, 1), "ngày 01 tháng 12 năm 2019"),
    ],
)
def test_days_below_ten_and_the_first_two_months_have_a_zero(day: date, text: str) -> None:
    assert dated_text(day) == text


def test_a_department_of_foreign_affairs_needs_no_settings() -> None:
    written = letter(HEAD, "215", date(2019, 12, 15), **DAYS)
    assert (written.superior, written.office, written.number, written.place) == (
        "UBND tỉnh Lạng Sơn",
        "Sở Ngoại vụ",
        "215/BC-SNgV",
        "Lạng Sơn",
    )
    assert (written.signer, written.signed_by, written.recipients[0]) == (("GIÁM ĐỐC",), None, "UBND tỉnh (báo cáo)")


def test_what_an_office_sets_itself_comes_before_the_register() -> None:
    head = letterhead_of(OFFICE, Letterhead(signer="KT. GIÁM ĐỐC / PHÓ GIÁM ĐỐC"))
    assert head == replace(HEAD, signer="KT. GIÁM ĐỐC / PHÓ GIÁM ĐỐC")


def test_every_other_registered_office_is_asked_for_what_nobody_has_seen() -> None:
    for slug in offices():
        head = letterhead_of(slug, Letterhead())
        assert head.office
        if not slug.startswith("so-ngoai-vu-"):
            with pytest.raises(BadLetter) as refused:
                letter(head, "1", date(2019, 12, 15), **DAYS)
            assert {part for part, _ in refused.value.problems} >= {"number", "recipients", "signer"}


def test_all_that_is_wrong_is_named_at_once() -> None:
    with pytest.raises(BadLetter) as refused:
        letter(Letterhead(), None, date(2019, 12, 14), answers="theo chỉ đạo", **DAYS)
    parts = [part for part, _ in refused.value.problems]
    assert parts == ["office", "number", "place", "dated", "recipients", "signer", "answers"]


@pytest.mark.parametrize(
    ("dated", "expected"), [(date(2019, 12, 14), "sau đó"), (date(2020, 1, 11), "ngày chưa tới")], ids=["before the cut-off", "to come"]
)
def test_a_report_is_dated_after_its_period_and_not_in_the_future(dated: date, expected: str) -> None:
    with pytest.raises(BadLetter, match=expected):
        letter(HEAD, "215", dated, **DAYS)


@pytest.mark.parametrize(
    "dispatch",
    [
        "Công văn số 4388/VP-THNC ngày 29/10/2019 của Văn phòng UBND tỉnh",
        "Công văn số 814/UBND-TH ngày 10 tháng 4 năm 2019 của Ủy ban nhân dân tỉnh về việc báo cáo",
    ],
)
def test_the_dispatch_that_is_answered_is_kept_as_typed(dispatch: str) -> None:
    assert letter(HEAD, "215", date(2019, 12, 15), answers=f" {dispatch} ", **DAYS).answers == dispatch


@pytest.mark.parametrize(
    ("dispatch", "expected"),
    [
        ("", "văn bản yêu cầu"),
        ("Công văn 4388 ngày 29/10/2019", "số, ngày và cơ quan"),
        ("Công văn số 4388/VP-THNC ngày 31/02/2019 của UBND tỉnh", "số, ngày và cơ quan"),
        ("Công văn số 4388/VP-THNC ngày 29/12/2019 của UBND tỉnh", "sau báo cáo"),
        ("Công văn số 12/UBND-TH (MẬT) ngày 29/10/2019 của UBND tỉnh", "mức bí mật"),
    ],
)
def test_a_dispatch_without_number_day_and_sender_is_refused(dispatch: str, expected: str) -> None:
    with pytest.raises(BadLetter, match=expected):
        letter(HEAD, "215", date(2019, 12, 15), answers=dispatch, **DAYS)
