"""What people type at a post: values with and without diacritics, in words and in digits."""

from datetime import datetime
from typing import Any

import pytest

from border.vietnam import HANOI
from posts.answers import facts_stated, measure_of, occurred_of, place_named
from posts.statement import Drafted, Options, from_draft, from_sentence, stated
from schemas.codebook import Action, Kind, Precision, Side
from schemas.problems import InvalidEvent
from texts.sentence.diacritics import with_diacritics

NOW = datetime(2026, 11, 27, 7, 0, tzinfo=HANOI)
SENTENCE = "02h30 hôm nay, tại mốc 753, phát hiện 09 người Trung Quốc nhập cảnh trái phép"


@pytest.mark.parametrize(
    ("text", "precision", "start", "known"),
    [
        ("2026-11-27T02:30", None, "2026-11-27T02:30:00+07:00", "minute"),
        ("2026-11-26T19:30Z", None, "2026-11-27T02:30:00+07:00", "minute"),
        ("2026-11-27", None, "2026-11-27T00:00:00+07:00", "day"),
        ("2026-11-27T02:30", Precision.HOUR, "2026-11-27T02:00:00+07:00", "hour"),
        ("2026-11-26", Precision.NIGHT, "2026-11-26T18:00:00+07:00", "night"),
        ("2026-11-27", Precision.MONTH, "2026-11-01T00:00:00+07:00", "month"),
        ("2026-11-27", Precision.QUARTER, "2026-10-01T00:00:00+07:00", "quarter"),
        ("2026-11-27", Precision.HALF, "2026-07-01T00:00:00+07:00", "half"),
        ("2026-11-27", Precision.YEAR, "2026-01-01T00:00:00+07:00", "year"),
        ("02h30 hôm nay", None, "2026-11-27T02:30:00+07:00", "minute"),
        ("02h30 dem qua", None, "2026-11-27T02:30:00+07:00", "minute"),
        ("23 giờ đêm qua", None, "2026-11-26T23:00:00+07:00", "hour"),
        ("sang nay 6h15", None, "2026-11-27T06:15:00+07:00", "minute"),
        ("hom qua", None, "2026-11-26T00:00:00+07:00", "day"),
        ("đêm 26/11/2026", None, "2026-11-26T18:00:00+07:00", "night"),
    ],
)
def test_a_time_as_people_say_it(text: str, precision: Precision | None, start: str, known: str) -> None:
    occurred = occurred_of(text, now=NOW, precision=precision)
    assert (occurred["start"], occurred["precision"]) == (start, known)


@pytest.mark.parametrize("text", ["qua", "nay", "lúc nãy", "31/02/2026", "2026-13-01", "27/11"])
def test_what_names_no_day_is_no_time(text: str) -> None:
    with pytest.raises(InvalidEvent, match="không đọc được"):
        occurred_of(text, now=NOW)


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        (Kind.WORKS, "distance_m=31", ("distance_m", 31)),
        (Kind.WORKS, "distance_m=31,5 m", ("distance_m", 31.5)),
        (Kind.WORKS, "distance_m=1.200", ("distance_m", 1200)),
        (Kind.WORKS, "distance_m=18 km", ("distance_m", "18 km")),
        (Kind.WORKS, "kien co=co", ("permanent", True)),
        (Kind.WORKS, "agreed=chưa", ("agreed", False)),
        (Kind.WORKS, "agreed=chua biet", ("agreed", None)),
        (Kind.WORKS, "change=xay moi", ("change", "new")),
        (Kind.WORKS, "muc dich=khác", ("purpose", "other")),
        (Kind.WORKS, "nonsense=3", ("nonsense", "3")),
        (Kind.SMUGGLING, "goods=thuốc lá", ("goods", "thuốc lá")),
        (None, "distance_m=31", ("distance_m", 31)),
        (Kind.SEA_OBSTRUCTION, "act=rammed", ("act", "rammed")),
        (Kind.SEA_OBSTRUCTION, "act=rammed,chased", ("act", ["rammed", "chased"])),
        (Kind.SEA_OBSTRUCTION, "hành vi=đâm va, rượt đuổi và lấy tài sản", ("act", ["rammed", "chased", "property_taken"])),
        (Kind.SEA_OBSTRUCTION, "act=rammed, nonsense", ("act", ["rammed", "nonsense"])),
    ],
)
def test_a_fact_as_people_say_it(kind: Kind | None, text: str, expected: tuple[str, Any]) -> None:
    assert facts_stated(kind, [text]) == dict([expected])


def test_of_a_fact_that_is_stated_again_the_later_value_stands_but_of_several_codes_each() -> None:
    assert facts_stated(Kind.WORKS, ["agreed=có", "agreed=không"]) == {"agreed": False}
    assert facts_stated(Kind.SEA_OBSTRUCTION, ["act=rammed", "act=chased", "act=obstructed"]) == {"act": ["rammed", "chased", "obstructed"]}
    assert facts_stated(Kind.SEA_OBSTRUCTION, ["act=rammed", "act=null"]) == {"act": None}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("persons=9", {"what": "persons", "n": 9}),
        ("nguoi=1.240", {"what": "persons", "n": 1240}),
        ("persons=9 CN", {"what": "persons", "n": 9, "nationality": "CN"}),
        ("goods=1,5 tấn", {"what": "goods", "n": 1.5, "unit": "tấn"}),
    ],
)
def test_a_count_as_people_say_it(text: str, expected: dict[str, Any]) -> None:
    assert measure_of(text) == expected
    with pytest.raises(InvalidEvent, match="cần dạng"):
        measure_of("vụ=3")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1088/2", {"scheme": "marker", "line": "VN-CN", "marker": "1088/2"}),
        ("po chai", {"scheme": "gate", "gate": "tan-thanh"}),
        ("lang son", {"scheme": "area", "province": "lang-son"}),
    ],
)
def test_a_place_in_one_answer(text: str, expected: dict[str, Any]) -> None:
    assert place_named(text) == expected
    with pytest.raises(InvalidEvent, match="9999"):
        place_named("mốc 9999")


def test_options_win_over_a_sentence_and_steps_are_added() -> None:
    drafted = from_sentence(f"{SENTENCE}, đã lập biên bản", NOW)
    options = Options(side=Side.VN, marker="754", steps=[Action.FINED], measures=["persons=8"], occurred="hôm qua")
    data = stated(drafted, options, NOW)
    assert (data["side"], data["place"]["marker"], data["occurred"]["precision"]) == ("VN", "754", "day")
    assert [step["action"] for step in data["handling"]] == ["recorded", "fined"]
    assert data["measures"] == [{"what": "persons", "n": 8}]


def test_another_kind_has_its_own_facts_of_the_sentence() -> None:
    drafted = from_sentence("Hôm nay tại mốc 753 nổ mìn, cách biên giới 900 m, báo trước 12 giờ", NOW)
    assert drafted.data["facts"] == {"distance_m": 900, "notice_hours": 12}
    assert stated(drafted, Options(kind=Kind.MINING), NOW)["facts"] == {"distance_m": 900}


def test_a_province_is_added_to_the_place_of_the_sentence() -> None:
    place = stated(from_sentence(SENTENCE, NOW), Options(province="cao bang"), NOW)["place"]
    assert place == {"scheme": "marker", "line": "VN-CN", "marker": "753", "province": "cao-bang"}
    with pytest.raises(InvalidEvent, match="chọn một"):
        stated(Drafted({}), Options(marker="1", gate="tan-thanh"), NOW)


@pytest.mark.parametrize("document", [b"", b"[]", b"3", b"{}", b'{"event": {"data": 3}}', b'{"event": 5}', b"Tr\xc6"])
def test_what_is_no_draft_is_refused(document: bytes) -> None:
    with pytest.raises(InvalidEvent, match="không phải bản nháp"):
        from_draft(document)


@pytest.mark.parametrize(
    ("typed", "even"),
    [
        ("Phat hien 09 nguoi TQ nhap canh trai phep", "Phát hiện 09 người TQ nhập cảnh trái phép"),
        ("Dem 26/11 nam 2026, tam nguoi nam", "Đêm 26/11 năm 2026, tam người nam"),
        ("phát hien 09 nguoi", "phát hien 09 nguoi"),
        ("khong phat hien vu viec", "không phát hiện vu viec"),
    ],
)
def test_phrases_typed_without_diacritics_get_theirs_back(typed: str, even: str) -> None:
    assert with_diacritics(typed) == even


def test_a_sentence_without_diacritics_says_what_the_same_with_them_says() -> None:
    typed = "02h30 hom nay, tai moc 753, phat hien 09 nguoi Trung Quoc nhap canh trai phep"
    assert from_sentence(typed, NOW).data == from_sentence(SENTENCE, NOW).data
