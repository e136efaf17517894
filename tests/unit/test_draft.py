"""Drafts from words: what is read stands in the text, and what does not stand there is asked for."""

import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench import draft as bench
from border.vietnam import HANOI
from schemas.codebook import Status
from schemas.problems import InvalidEvent
from schemas.secrecy import marked_secret
from schemas.validation import decode
from texts.sentence.draft import MAX_TEXT, Draft, draft

NOW = datetime(2026, 3, 1, 8, 0, tzinfo=HANOI)
SENTENCE = "02h30 ngày 11/3/2021, tại mốc 753, Đồn CK Trà Lĩnh phát hiện 09 người Trung Quốc nhập cảnh trái phép"
ROWS = [json.loads(line) for path in bench.FILES for line in path.read_text(encoding="utf-8").splitlines()]
ANSWERS: dict[str, Any] = {
    "source": "/posts/tan-thanh",
    "sequence": "00000001",
    "data.kind": "other",
    "data.side": "undetermined",
    "data.occurred": {"start": "2021-01-01T00:00:00+07:00", "precision": "day"},
    "data.place": {"scheme": "area", "province": "lang-son"},
}


def read(text: str) -> Draft:
    """The draft of a text."""
    return draft(text, event_id="e-1", time=NOW)


def values(text: str) -> dict[str, Any]:
    """What was read, by field."""
    return {field.field: field.value for field in read(text).fields}


def completed(proposal: Draft) -> dict[str, Any]:
    """The event with an answer for everything that is missing."""
    event = json.loads(json.dumps(proposal.event))
    for gap in proposal.missing:
        at, _, name = gap.field.rpartition(".")
        (event[at] if at else event)[name] = ANSWERS[gap.field]
    if event["data"]["kind"] == "other":
        event["data"]["text"] = "việc khác"
    return event


def test_the_sentence_of_the_issue_is_read_whole() -> None:
    proposal = read(SENTENCE)
    assert proposal.event["source"] == "/posts/tra-linh"
    assert proposal.event["data"] == {
        "status": "draft",
        "kind": "crossing",
        "occurred": {"start": "2021-03-11T02:30:00+07:00", "precision": "minute"},
        "place": {"scheme": "marker", "line": "VN-CN", "marker": "753"},
        "direction": "CN-VN",
        "facts": {"authorised": False},
        "measures": [{"what": "persons", "n": 9, "nationality": "CN"}],
    }
    assert [gap.field for gap in proposal.missing] == ["data.side", "sequence"]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["text"][:40])
def test_a_draft_is_an_event_once_a_person_fills_in_what_is_missing(row: dict[str, Any]) -> None:
    event = decode(json.dumps(completed(read(row["text"]))).encode())
    assert event.data.status is Status.DRAFT  # type: ignore[union-attr]  # every draft is a report


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["text"][:40])
def test_spans_point_at_the_words(row: dict[str, Any]) -> None:
    for field in read(row["text"]).fields:
        assert field.words == row["text"][field.start : field.end]
        assert field.words.strip()


def test_spans_are_of_the_text_as_it_was_written() -> None:
    text = "Ngày  11/3/2021,\n tại   cột  mốc 753 –  Đồn  BP   Trà Lĩnh bắt 02   đối tượng"
    assert {field.words for field in read(text).fields} >= {"cột  mốc 753", "Đồn  BP   Trà Lĩnh", "02   đối tượng", "Ngày  11/3/2021"}


def test_what_is_read_on_our_sentences_is_right_nineteen_times_in_twenty() -> None:
    rows = [json.loads(line) for line in bench.FILES[0].read_text(encoding="utf-8").splitlines()]
    assert len(rows) >= 60
    for name, score in bench.measure(rows).items():
        assert score.precision >= bench.LEAST, (name, score.wrong)
        assert score.recall >= 0.9, (name, score.unread)


@pytest.mark.parametrize("path", bench.FILES, ids=lambda path: path.stem)
def test_what_the_reader_is_sure_of_is_right(path: Path) -> None:
    scores = bench.measure(json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())
    assert {name: score.sure_and_wrong for name, score in scores.items() if score.sure_and_wrong} == {}
    assert sum(score.sure for score in scores.values()) > 80


def test_the_sentences_that_no_reader_had_seen_are_many_and_differ() -> None:
    assert len({row["text"] for row in ROWS[-180:]}) == 180


def test_a_wrong_value_is_noticed() -> None:
    scores = bench.measure(
        [
            {
                "text": f"{SENTENCE}, phía Trung Quốc cho xe đến đón",
                "expected": dict.fromkeys(bench.FIELDS) | {"markers": ["754"], "counts": []},
            }
        ]
    )
    assert {name: len(score.wrong) for name, score in scores.items()} == dict.fromkeys(bench.FIELDS, 1)
    assert len(scores["markers"].unread) == 1


WORDS = [
    "trời",
    "nắng",
    "mây",
    "gió",
    "núi",
    "xanh",
    "nhà",
    "sàn",
    "chợ",
    "phiên",
    "hoa",
    "đào",
    "cơm",
    "lam",
    "suối",
    "trong",
    "vườn",
    "chè",
    "lớp",
    "học",
    "giáo",
    "viên",
    "bài",
    "hát",
    "mùa",
    "xuân",
    "yên",
    "vui",
]


@given(st.lists(st.sampled_from(WORDS), max_size=40).map(" ".join))
@settings(max_examples=200, deadline=None)
def test_irrelevant_words_give_an_empty_draft(text: str) -> None:
    proposal = read(text)
    assert proposal.fields == ()
    assert proposal.event["data"] == {"status": "draft"}
    assert [gap.field for gap in proposal.missing] == ["source", "data.kind", "data.occurred", "data.place", "data.side", "sequence"]


@given(st.permutations(SENTENCE.replace(",", "").split()).map(" ".join))
@settings(max_examples=200, deadline=None)
def test_shuffled_words_never_give_a_number_that_is_not_there(text: str) -> None:
    for field in read(text).fields:
        assert field.words in text
        for number in re.findall(r"\d+", json.dumps(field.value)) if field.field.startswith("data.measures") else ():
            assert int(number) in {int(digits) for digits in re.findall(r"\d+", field.words)}


@given(st.text(max_size=200))
@settings(max_examples=300, deadline=None)
def test_no_text_whatever_makes_it_fail(text: str) -> None:
    if marked_secret(text):
        with pytest.raises(InvalidEvent):
            read(text)
    else:
        assert decode(json.dumps(completed(read(text))).encode())


@pytest.mark.parametrize("text", ["MẬT: " + SENTENCE, "Tuyệt mật. " + SENTENCE, "Độ mật: Mật. " + SENTENCE])
def test_a_text_marked_secret_is_refused(text: str) -> None:
    with pytest.raises(InvalidEvent) as refused:
        read(text)
    assert refused.value.code == "secret"
    assert "753" not in refused.value.sentence


def test_a_book_is_refused() -> None:
    with pytest.raises(InvalidEvent) as refused:
        read("a" * (MAX_TEXT + 1))
    assert refused.value.code == "too_large"


@pytest.mark.parametrize("name", ["Xyquang Văn Abcd", "XYQUANG THỊ ABCD", "Xyquang A Abcd"])
def test_names_of_persons_never_enter_the_draft(name: str) -> None:
    for before, after in (("", ""), ("đối tượng ", " (SN 1990)"), ("do đồng chí ", ", Đồn trưởng, chỉ huy")):
        for text in (f"{before}{name}{after}: {SENTENCE}", f"{SENTENCE}, gồm {before}{name}{after} và 02 nữ"):
            proposal = read(text)
            assert proposal.fields
            for part in name.split():
                assert part == "A" or part not in json.dumps(proposal.event, ensure_ascii=False)
            assert all(name not in field.words for field in proposal.fields)


@pytest.mark.parametrize(
    ("text", "start", "end", "precision"),
    [
        ("02h30 ngày 11/3/2021", "2021-03-11T02:30", None, "minute"),
        ("ngày 22/11/2022, lúc 5 giờ chiều", "2022-11-22T17:00", None, "hour"),
        ("11 giờ đêm 22/11/2022", "2022-11-22T23:00", None, "hour"),
        ("lúc 18 giờ ngày 28-12-2025", "2025-12-28T18:00", None, "hour"),
        ("đêm 11/6/2025", "2025-06-11T18:00", "2025-06-12T06:00", "night"),
        ("rạng sáng 31/5/2025", "2025-05-31T00:00", "2025-05-31T06:00", "night"),
        ("đêm 04/01 - 09h 05/01/2021", "2021-01-04T18:00", "2021-01-05T09:00", "night"),
        ("ngày 15-16/01/2021", "2021-01-15T00:00", "2021-01-17T00:00", "day"),
        ("ngày 5 tháng 3 năm 2024", "2024-03-05T00:00", None, "day"),
        ("tháng 5/2018", "2018-05-01T00:00", "2018-06-01T00:00", "month"),
        ("Q4/2025", "2025-10-01T00:00", "2026-01-01T00:00", "quarter"),
        ("6 tháng đầu năm 2021", "2021-01-01T00:00", "2021-07-01T00:00", "half"),
        ("9 tháng năm 2023", "2023-01-01T00:00", "2023-10-01T00:00", "month"),
        ("năm 2019", "2019-01-01T00:00", "2020-01-01T00:00", "year"),
    ],
)
def test_a_time_keeps_the_precision_it_is_told_with(text: str, start: str, end: str | None, precision: str) -> None:
    wanted = {"start": f"{start}:00+07:00"} | ({"end": f"{end}:00+07:00"} if end else {}) | {"precision": precision}
    assert values(f"{text} tại mốc 753")["data.occurred"] == wanted


@pytest.mark.parametrize(
    "text",
    ["đêm 04/01", "ngày 14/8", "9 tháng", "hôm qua", "ngày 31/02/2024", "tăng so với năm 2018", "người sinh năm 1999", "ngày 11/3/2027"],
)
def test_a_year_or_day_that_is_not_written_is_asked_for(text: str) -> None:
    proposal = read(f"{text}, tại mốc 753")
    assert "occurred" not in proposal.event["data"]
    assert any(gap.field == "data.occurred" and gap.ask.endswith("?") for gap in proposal.missing)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("396,9 kg pháo", [("goods", 396.9)]),
        ("1.725 kg", [("goods", 1725)]),
        ("1,35 tấn", [("goods", 1.35)]),
        ("154.382 lượt người", [("persons", 154382)]),
        ("hai mươi mốt người", [("persons", 21)]),
        ("mười người", [("persons", 10)]),
        ("900 bao/27 tấn cau khô", [("goods", 900), ("goods", 27)]),
        ("2,5 triệu đồng", [("value", 2_500_000)]),
        ("phạt 2,5 triệu đồng", []),
        ("giảm 15 đoàn/23 người, tăng 04 người", [("persons", 23)]),
        ("91 vụ", []),
        ("xử phạt 02 đối tượng", [("persons", 2)]),
        ("tổ công tác Đồn Bảo Lâm gồm 05 người bắt 02 đối tượng", [("persons", 2)]),
        ("Bốn người", [("persons", 4)]),
        ("Xyquang Văn Ba người Trung Quốc", []),
        ("trong năm người dân yên vui", []),
        ("1,5 người", []),
        ("hàng trăm con trâu", []),
        ("tổ tuần tra 04 đồng chí", []),
    ],
)
def test_counts_are_numbers_as_reports_write_them(text: str, wanted: list[tuple[str, float]]) -> None:
    assert [(field["what"], field["n"]) for field in read(text).event["data"].get("measures", [])] == wanted


def test_a_count_split_by_country_is_counted_once() -> None:
    assert read("04 người (02 Trung Quốc, 02 Việt Nam)").event["data"]["measures"] == [
        {"what": "persons", "n": 2, "nationality": "CN"},
        {"what": "persons", "n": 2, "nationality": "VN"},
    ]
    assert read("04 đối tượng (01 nam, 03 nữ)").event["data"]["measures"] == [{"what": "persons", "n": 4, "of": {"men": 1, "women": 3}}]


def test_the_side_is_the_one_whose_act_the_sentence_tells() -> None:
    assert values("phía Trung Quốc đang xây dựng hàng rào gần mốc 753")["data.side"] == "CN"
    assert "data.side" not in values("09 người Trung Quốc nhập cảnh trái phép, phía Trung Quốc trao đổi")


def test_what_is_denied_is_not_read() -> None:
    for text in ("không phát hiện nhập cảnh trái phép", "phòng, chống xuất cảnh trái phép", "diễn tập xử lý vụ nhập cảnh trái phép"):
        assert not {"data.kind", "data.direction"} & set(values(text)), text


def test_what_is_only_planned_is_no_works_yet() -> None:
    assert "data.kind" not in values("hai bên thống nhất khôi phục cột mốc 821")
    assert "data.kind" not in values("phía Trung Quốc sẽ xây dựng hàng rào")


def test_two_kinds_are_a_question() -> None:
    proposal = read("bắt 02 đối tượng nhập cảnh trái phép vận chuyển ma túy")
    assert "kind" not in proposal.event["data"]
    assert any("crossing" in gap.ask and "drugs" in gap.ask for gap in proposal.missing)


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Đồn Biên phòng cửa khẩu quốc tế Lào Cai", "lao-cai"),
        ("ĐBP Trà Lĩnh", "tra-linh"),
        ("Don BP Tan Thanh", "tan-thanh"),
        ("Đồn Cảng Vạn Gia", "cang-van-gia"),
    ],
)
def test_a_post_is_known_by_the_names_in_use(text: str, slug: str) -> None:
    assert values(f"{text} báo")["source"] == f"/posts/{slug}"


def test_where_a_person_lives_is_not_where_it_happened() -> None:
    assert values("tại lối mở Nà Đoỏng bắt 01 người (trú tỉnh Lạng Sơn)")["data.place"] == {"scheme": "gate", "gate": "na-doong"}
    assert "data.place" not in values("bắt 01 người quê Lạng Sơn")


def test_a_province_that_the_register_contradicts_is_left_out() -> None:
    assert values("tại cửa khẩu Tân Thanh, Quảng Ninh")["data.place"] == {"scheme": "gate", "gate": "tan-thanh"}
    assert values("tại cửa khẩu Thanh Thủy, Tuyên Quang")["data.place"] == {
        "scheme": "gate",
        "gate": "thanh-thuy",
        "province": "tuyen-quang",
    }
    assert values("tại mốc 753, Cao Bằng")["data.place"]["province"] == "cao-bang"
    assert "province" not in values("tại mốc 753, Quảng Ninh")["data.place"]


def test_what_was_done_is_read_where_it_was_done() -> None:
    done = read("Đồn Pò Mã bắt giữ 02 đối tượng, lập biên bản, bàn giao cho Công an; đề nghị khởi tố; chưa xử phạt").event["data"][
        "handling"
    ]
    assert [step["action"] for step in done] == ["arrested", "recorded", "handed_over"]
