"""Bad input (issue 4): one problem that names the field, what stood there, what was expected and the nearest known names."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from schemas.codebook import Kind
from schemas.codebook_entries import facts_of, kinds
from schemas.problems import InvalidEvent, Problem, from_pydantic, nearest
from schemas.validation import decode
from tests.builders import NOON, crossing, incident, payload, reported, updated

Case = tuple[dict[str, Any], str, str, str, tuple[str, ...]]


def of(field: str, value: str, *words: str, code: str = "value", **changes: Any) -> Case:
    return reported(incident(**changes)), code, field, value, words


def at(**place: Any) -> dict[str, Any]:
    return {"scheme": "area", "area": "Đồng Đăng"} | place


def marker(text: str) -> dict[str, str]:
    return {"scheme": "marker", "line": "VN-CN", "marker": text}


UNKNOWN = "unknown_field"
CASES: dict[str, Case] = {
    "kind mistyped": of("data.kind", '"work"', "marker_damage, river_works", "(gần nhất: works)", kind="work"),
    "kind in capitals": of("data.kind", '"SMUGGLING"', "(gần nhất: smuggling)", kind="SMUGGLING"),
    "kind in Vietnamese": of("data.kind", '"buôn bán người"', "(gần nhất: trafficking)", kind="buôn bán người"),
    "kind in Vietnamese without marks": of("data.kind", '"ma tuy"', "(gần nhất: drugs)", kind="ma tuy"),
    "kind in Chinese": of("data.kind", '"毒品"', "(gần nhất: drugs)", kind="毒品"),
    "kind near nothing": of("data.kind", '"zzz"', "cần một trong: marker_damage", kind="zzz"),
    "side in words": of("data.side", '"Trung Quốc"', "VN, CN, both", "(gần nhất: CN)", side="Trung Quốc"),
    "side in small letters": of("data.side", '"cn"', "(gần nhất: CN)", side="cn"),
    "side that is none": of("data.side", '"Lào"', "cần một trong: VN, CN", side="Lào"),
    "status": of("data.status", '"actuall"', "(gần nhất: actual)", status="actuall"),
    "direction": of("data.direction", '"CN→VN"', "(gần nhất: CN-VN)", direction="CN→VN"),
    "precision": of(
        *("data.occurred.precision", '"đêm"', "(gần nhất: night"), occurred={"start": "2025-12-27T18:00:00+07:00", "precision": "đêm"}
    ),
    "measure": of("data.measures.0.what", '"người"', "(gần nhất: persons)", measures=[{"what": "người", "n": 1}]),
    "action": of("data.handling.0.action", '"hội đàm"', "(gần nhất: talks)", handling=[{"action": "hội đàm"}]),
    "province by name": of(
        "data.place.province", '"Lạng Sơn"', "lang-son, cao-bang", "(gần nhất: lang-son)", place=at(province="Lạng Sơn")
    ),
    "province mistyped": of("data.place.province", '"cao-bag"', "(gần nhất: cao-bang)", place=at(province="cao-bag")),
    "area of nowhere": of("data.place.province", "thiếu tỉnh", "area: tên khu vực", place={"scheme": "area"}),
    "gate mistyped": of("data.place.gate", "'tan-than'", "cửa khẩu", "(gần nhất: tan-thanh", place={"scheme": "gate", "gate": "tan-than"}),
    "gate by a mistyped name": of(
        "data.place.gate", "'Ái Điển'", "(gần nhất: Ái Điểm (chi-ma)", place={"scheme": "gate", "gate": "Ái Điển"}
    ),
    "gate of a crossing": (crossing(gate="huu-ngi"), "value", "data.gate", "'huu-ngi'", ("cửa khẩu", "(gần nhất: huu-nghi")),
    "scheme": of("data.place.scheme", '"makrer"', "(gần nhất: marker", place={"scheme": "makrer", "marker": "1088"}),
    "marker beyond the line": of("data.place.marker", "“1400”", "từ 0 đến 1378", place=marker("1400")),
    "marker section beyond": of("data.place.marker", "“1370-1400”", "từ 0 đến 1378", place=marker("1370-1400")),
    "marker that is none": of("data.place.marker", "“sau núi”", place=marker("sau núi")),
    "distance in the wrong unit": of(
        *("data.facts.distance_km", "trường lạ", "works chỉ có các dữ kiện: structure, purpose, permanent, change, distance_m, agreed"),
        "(gần nhất: distance_m)",
        code=UNKNOWN,
        facts={"distance_km": 0.018},
    ),
    "notice in the wrong unit": of(
        *("data.facts.notice_days", "trường lạ", "distance_m, notice_hours, harm", "(gần nhất: notice_hours)"),
        code=UNKNOWN,
        kind="blasting",
        facts={"notice_days": 2},
    ),
    "distance without a unit": of("data.facts.distance", "trường lạ", "(gần nhất: distance_m)", code=UNKNOWN, facts={"distance": 18}),
    "unit in the value": of("data.facts.distance_m", '"18 m"', "cần số", "số mét, từ 0 đến 100000", facts={"distance_m": "18 m"}),
    "decimal comma": of("data.facts.distance_m", '"18,5"', "cần số", facts={"distance_m": "18,5"}),
    "negative distance": of("data.facts.distance_m", "-3", "không được dưới 0", "số mét, từ 0 đến 100000", facts={"distance_m": -3}),
    "distance round the world": of("data.facts.distance_m", "40000000", "không được trên 100000", facts={"distance_m": 40_000_000}),
    "negative kilometres": of("data.facts.distance_km", "-1", "số ki-lô-mét, từ 0", kind="flight", facts={"distance_km": -1}),
    "400 hours": of(
        *("data.facts.notice_hours", "400", "không được trên 336", "số giờ, từ 0 đến 336"), kind="blasting", facts={"notice_hours": 400}
    ),
    "two years of notice": of("data.facts.notice_days", "731", "số ngày, từ 0 đến 366", kind="marker_repair", facts={"notice_days": 731}),
    "fact of another kind": of("data.facts.goods", "trường lạ", "burning chỉ có", code=UNKNOWN, kind="burning", facts={"goods": "pháo"}),
    "fact of a kind without any": of(
        "data.facts.distance_m", "trường lạ", "patrol không có dữ kiện nào", code=UNKNOWN, kind="patrol", facts={"distance_m": 3}
    ),
    "fact of an update": (
        updated("i", {"facts": {"distanse_m": 3}}),
        UNKNOWN,
        "data.facts.distanse_m",
        "trường lạ",
        ("không loại việc nào", "(gần nhất: distance_m"),
    ),
    "fact beside facts": of(
        "data.distance_m", "trường lạ", "kind, status, occurred", "(gần nhất: facts.distance_m)", code=UNKNOWN, distance_m=18
    ),
    "fact's code": of("data.facts.purpose", '"hàng rào"', "patrol_road, fence", "(gần nhất: fence)", facts={"purpose": "hàng rào"}),
    "yes for true": of("data.facts.agreed", '"có"', "cần true hoặc false", facts={"agreed": "có"}),
    "one for true": of("data.facts.agreed", "1", "cần true hoặc false", facts={"agreed": 1}),
    "number as text": of("data.measures.0.n", '"9"', "cần số", measures=[{"what": "persons", "n": "9"}]),
    "half a person": of("data.measures.0.n", "1.5", "số nguyên", measures=[{"what": "persons", "n": 1.5}]),
    "negative persons": of("data.measures.0.n", "-9", "không được dưới 0", measures=[{"what": "persons", "n": -9}]),
    "unknown field": of("data.sides", "trường lạ", "ở đây chỉ có: kind", "(gần nhất: side)", code=UNKNOWN, sides="CN"),
    "unknown field of a measure": of(
        *("data.measures.0.count", "trường lạ", "what, n, unit, nationality, of", "(gần nhất"),
        code=UNKNOWN,
        measures=[{"what": "persons", "n": 3, "count": 3}],
    ),
    "unknown field of a place": of(
        "data.place.gates", "trường lạ", "scheme, line, marker", code=UNKNOWN, place=marker("1088") | {"gates": 1}
    ),
    "unknown field of a crossing": (crossing(gates=1), UNKNOWN, "data.gates", "trường lạ", ("status, gate, interval", "(gần nhất: gate)")),
    "a person's name": of("data.name", "trường lạ", "ở đây chỉ có", code=UNKNOWN, name="A"),
    "occurred after time": of(
        "data.occurred.start",
        "2026-01-01T00:00:00+07:00",
        f"sau time ({NOON.isoformat()})",
        occurred={"start": "2026-01-01T00:00:00+07:00", "precision": "day"},
    ),
    "end before start": of(
        *("data.occurred.end", "2025-01-01T00:00:00+07:00", "phải sau start (2025-01-02T00:00:00+07:00)"),
        occurred={"start": "2025-01-02T00:00:00+07:00", "end": "2025-01-01T00:00:00+07:00", "precision": "day"},
    ),
    "other without words": of("data.text", "thiếu", "kind other cần có text", kind="other", facts={}),
}


def refusal(event: dict[str, Any]) -> InvalidEvent:
    with pytest.raises(InvalidEvent) as refused:
        decode(payload(event))
    return refused.value


@pytest.mark.parametrize("case", CASES)
def test_one_problem_names_the_field_the_value_and_what_was_expected(case: str) -> None:
    event, code, field, value, told = CASES[case]
    refused = refusal(event)
    assert [(problem.code, problem.field) for problem in refused.problems] == [(code, field)]
    assert refused.sentence.startswith(f"{field}: ")
    for words in (value, *told):
        assert words in refused.sentence


def test_classify_says_the_same_of_each_line(tmp_path: Path) -> None:
    file = tmp_path / "bad.jsonl"
    file.write_bytes(b"".join(payload(event) + b"\n" for event, *_ in CASES.values()))
    command = [sys.executable, "-c", "from mocgioi.cli import main; main()", "classify", str(file)]
    done = subprocess.run(command, capture_output=True, timeout=120, check=False)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 1
    assert answers == [
        {"line": number, "problem": {"code": code, "message": refusal(event).sentence}}
        for number, (event, code, *_) in enumerate(CASES.values(), start=1)
    ]


@pytest.mark.parametrize("kind", Kind)
def test_an_unknown_fact_names_every_fact_of_its_kind(kind: Kind) -> None:
    sentence = refusal(reported(incident(kind=kind, text="x", facts={"zzz": 1}))).sentence
    names = [fact.entry.name for fact in facts_of(kind)]
    assert f"{kind} chỉ có các dữ kiện: {', '.join(names)}" in sentence if names else f"{kind} không có dữ kiện nào" in sentence


@pytest.mark.parametrize("kind", Kind)
def test_a_kind_by_its_name_in_any_language_is_refused_and_understood(kind: Kind) -> None:
    for name in set(kinds()[kind].label) - set(Kind):
        problem = refusal(reported(incident(kind=name))).problems[0]
        hint = problem.message.rpartition("(gần nhất: ")[2].rstrip(")")
        assert kind in hint.split(", "), name


def test_names_are_compared_without_capitals_marks_and_separators() -> None:
    assert nearest("Đồng Đăng", ["dong-dang", "dong-van"]) == " (gần nhất: dong-dang)"
    assert nearest("x" * 1_000_000, ["dong-dang"]) == ""


def test_of_many_problems_the_first_are_told_and_the_rest_counted() -> None:
    refused = refusal(reported(incident(**{f"colour{number}": number for number in range(490)})))
    assert len(refused.problems) == 490
    assert refused.sentence.endswith("; và 470 lỗi nữa")
    assert len(refused.sentence.encode()) < 10_000


def test_a_name_as_long_as_an_event_is_not_repeated_whole() -> None:
    assert len(refusal(reported(incident(**{"x" * 200_000: 1}))).sentence) < 1_000


def test_a_name_with_dots_is_refused_like_any_other() -> None:
    assert refusal(reported(incident(**{"facts.x": 1, "a.b": 1}))).code == "unknown_field"


def test_without_a_hint_what_stood_under_an_unknown_name_is_not_repeated() -> None:
    from pydantic import BaseModel, ConfigDict, ValidationError

    class Settings(BaseModel):
        model_config = ConfigDict(extra="forbid")

    with pytest.raises(ValidationError) as refused:
        Settings.model_validate({"pasword": "hunter2"})
    assert from_pydantic(refused.value) == [Problem("unknown_field", "pasword: trường lạ, lược đồ không có", "pasword")]
