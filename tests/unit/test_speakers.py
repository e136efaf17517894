"""Who may speak of an incident: inside, beside and outside of each rule."""

from datetime import timedelta
from typing import Any

import pytest

from agreement.incident import Incident, fold
from agreement.speakers import Why
from schemas.codebook import Side
from schemas.validation import decode
from tests.builders import NOON, assessed, incident, payload, reinstated, reported, retracted, updated

S = "inc-speakers"
EVE, MERGED = "2025-06-30T23:59:00+07:00", "2025-07-01T00:01:00+07:00"
MARKER_300 = {"scheme": "marker", "line": "VN-CN", "marker": "300"}
OLD = {"start": "2025-06-01T00:00:00+07:00", "precision": "hour"}


def at(hours: float) -> str:
    return (NOON + timedelta(hours=hours)).isoformat()


def folded(*raws: dict[str, Any]) -> Incident:
    return fold([decode(payload(raw)) for raw in raws])  # type: ignore[misc]


def why(result: Incident) -> Why | None:
    """Why the only event without effect has none; None where every event has effect."""
    if not result.without_effect:
        return None
    (ref,) = result.without_effect
    return ref.why


@pytest.mark.parametrize(
    ("source", "objection"),
    [
        ("/posts/tan-thanh/d1", None),
        ("/posts/tan-thanh/d2", None),
        ("/posts/tan-thanh", None),
        ("/posts/tan-thanh-2/d1", Why.ANOTHER_POST),
        ("/posts/chi-ma/d1", Why.ANOTHER_POST),
        ("/posts/tra-linh/d1", Why.ANOTHER_POST),
        ("/posts/khong-biet/d1", Why.ANOTHER_POST),
        ("/offices/so-ngoai-vu-lang-son", None),
        ("/offices/so-ngoai-vu-lang-son/1a2b3c4d", None),
        ("/offices/ubnd-tinh-lang-son", None),
        ("/offices/so-ngoai-vu-cao-bang", Why.ANOTHER_PROVINCE),
        ("/offices/uy-ban-bien-gioi", None),
        ("/offices/khong-biet", Why.UNKNOWN_OFFICE),
        ("/offices/tan-thanh", Why.UNKNOWN_OFFICE),
    ],
)
def test_the_post_itself_the_offices_of_its_province_and_the_lines_office_correct_it(source: str, objection: Why | None) -> None:
    result = folded(reported(subject=S), updated(S, {"side": "VN"}, source=source))
    assert (why(result), result.side) == (objection, Side.VN if objection is None else Side.CN)
    assert result.owner == "/posts/tan-thanh"
    assert len(result.events) == 2


@pytest.mark.parametrize("said", [assessed(S, {"outcome": "exempt"}), reinstated(S)])
@pytest.mark.parametrize(
    ("source", "objection"),
    [
        ("/posts/tan-thanh/d1", Why.OFFICES_ONLY),
        ("/posts/chi-ma/d1", Why.OFFICES_ONLY),
        ("/offices/so-ngoai-vu-lang-son", None),
        ("/offices/so-ngoai-vu-cao-bang", Why.ANOTHER_PROVINCE),
        ("/offices/uy-ban-bien-gioi/1", None),
        ("/offices/khong-biet", Why.UNKNOWN_OFFICE),
    ],
)
def test_only_offices_assess_and_reinstate(said: dict[str, Any], source: str, objection: Why | None) -> None:
    result = folded(reported(subject=S), retracted(S), said | {"source": source})
    assert why(result) is objection
    is_assessment = said["type"].endswith("assessed.v1")
    assert (result.assessment is not None) is (is_assessment and objection is None)
    assert result.retracted is (is_assessment or objection is not None)


def test_a_strangers_retraction_has_no_effect_for_ever() -> None:
    gone = retracted(S, source="/posts/chi-ma/d1", time=at(1))
    assert not folded(gone).complete
    result = folded(gone, reported(subject=S), updated(S, {"side": "VN"}, time=at(9)))
    assert (result.retracted, why(result)) == (False, Why.ANOTHER_POST)


@pytest.mark.parametrize(
    ("office", "time", "objection"),
    [
        ("so-ngoai-vu-ha-giang", EVE, None),
        ("so-ngoai-vu-ha-giang", MERGED, Why.UNKNOWN_OFFICE),
        ("so-ngoai-vu-tuyen-quang", EVE, Why.ANOTHER_PROVINCE),
        ("so-ngoai-vu-tuyen-quang", MERGED, None),
        ("so-ngoai-vu-cao-bang", MERGED, Why.ANOTHER_PROVINCE),
    ],
)
@pytest.mark.parametrize("post", ["thanh-thuy", "khong-biet"])
def test_a_merged_provinces_successor_speaks_from_the_day_of_the_merger(post: str, office: str, time: str, objection: Why | None) -> None:
    """Of a registered post by its own province, of an unknown one by that of the place it reports."""
    first = reported(incident(place=MARKER_300, occurred=OLD), subject=S, source=f"/posts/{post}/d1", time="2025-06-02T00:00:00+07:00")
    assert why(folded(first, retracted(S, source=f"/offices/{office}", time=time))) is objection


def test_of_an_unknown_post_the_place_of_its_report_tells_the_province() -> None:
    first = reported(subject=S, source="/posts/khong-biet/d1")
    assert why(folded(first, retracted(S, source="/posts/khong-biet/d2"))) is None
    assert why(folded(first, retracted(S, source="/offices/so-ngoai-vu-lang-son"))) is None
    assert why(folded(first, retracted(S, source="/offices/so-ngoai-vu-cao-bang"))) is Why.ANOTHER_PROVINCE
    moved = updated(S, {"place": {"scheme": "gate", "gate": "tra-linh"}}, source="/posts/khong-biet/d1")
    assert why(folded(first, moved, retracted(S, source="/offices/so-ngoai-vu-lang-son"))) is None, "of its report, not of a correction"


def test_where_nobody_knows_the_province_only_the_lines_office_speaks() -> None:
    first = reported(incident(place={"scheme": "area", "area": "Bản Mới"}), subject=S, source="/posts/khong-biet/d1")
    assert why(folded(first, retracted(S, source="/offices/so-ngoai-vu-lang-son"))) is Why.ANOTHER_PROVINCE
    assert why(folded(first, retracted(S, source="/offices/uy-ban-bien-gioi"))) is None


def test_a_registered_posts_report_goes_before_an_unknown_ones() -> None:
    unknown = reported(incident(side="VN"), subject=S, source="/posts/khong-biet/d1", time=at(-1))
    result = folded(unknown, reported(subject=S))
    assert (result.owner, result.reporter, result.side) == ("/posts/tan-thanh", "/posts/tan-thanh/d1", Side.CN)
    assert why(result) is Why.ANOTHER_POST
    assert [ref.id for ref in result.second_reports] == [unknown["id"]]
    other = reported(incident(side="VN"), subject=S, source="/posts/chi-ma/d1", time=at(1))
    assert folded(unknown, reported(subject=S), other).owner == "/posts/tan-thanh", "of two registered posts the earlier"


def test_an_unknown_posts_report_stands_beside_the_word_of_its_office() -> None:
    unknown = reported(subject=S, source="/posts/khong-biet/d1")
    office = reported(incident(side="VN"), subject=S, source="/offices/so-ngoai-vu-lang-son", time=at(1))
    result = folded(unknown, office)
    assert (result.owner, why(result), result.side) == ("/posts/khong-biet", None, Side.VN)


@pytest.mark.parametrize(
    ("reporter", "speaker", "objection"),
    [
        ("so-ngoai-vu-lang-son", "/posts/tan-thanh/d1", None),
        ("so-ngoai-vu-lang-son", "/posts/chi-ma/d1", None),
        ("so-ngoai-vu-lang-son", "/posts/tra-linh/d1", Why.ANOTHER_POST),
        ("so-ngoai-vu-lang-son", "/posts/khong-biet/d1", Why.ANOTHER_POST),
        ("so-ngoai-vu-lang-son", "/offices/so-ngoai-vu-lang-son/2", None),
        ("so-ngoai-vu-lang-son", "/offices/ubnd-tinh-lang-son", None),
        ("so-ngoai-vu-cao-bang", "/posts/tan-thanh/d1", Why.ANOTHER_POST),
        ("so-ngoai-vu-cao-bang", "/offices/so-ngoai-vu-lang-son", Why.ANOTHER_PROVINCE),
        ("uy-ban-bien-gioi", "/posts/tan-thanh/d1", None),
        ("uy-ban-bien-gioi", "/posts/tra-linh/d1", Why.ANOTHER_POST),
        ("khong-biet", "/posts/tan-thanh/d1", None),
        ("khong-biet", "/posts/tra-linh/d1", Why.ANOTHER_POST),
        ("khong-biet", "/offices/so-ngoai-vu-lang-son", None),
        ("khong-biet", "/offices/khong-biet", Why.UNKNOWN_OFFICE),
    ],
)
def test_what_an_office_reported_first_is_its_own_and_of_the_posts_of_its_province(
    reporter: str, speaker: str, objection: Why | None
) -> None:
    """An office without a province of its own speaks of the province of the place: here Lạng Sơn."""
    result = folded(reported(subject=S, source=f"/offices/{reporter}"), updated(S, {"side": "VN"}, source=speaker))
    assert (result.complete, result.owner) == (True, f"/offices/{reporter}")
    assert (why(result), result.side) == (objection, Side.VN if objection is None else Side.CN)


def test_a_second_units_report_is_without_effect_until_an_office_settles_it() -> None:
    second = reported(incident(side="VN", text="nhà khác"), subject=S, source="/posts/chi-ma/d1", time=at(1))
    raws = [reported(subject=S), second]
    result = folded(*raws)
    assert (result.side, result.text, why(result)) == (Side.CN, None, Why.ANOTHER_POST)
    assert [(ref.source, ref.id) for ref in result.second_reports] == [(second["source"], second["id"])]
    events = [decode(payload(raw)) for raw in raws]
    settled = fold(events, settled={(second["source"], second["id"])})  # type: ignore[arg-type]
    assert (settled.second_reports, why(settled)) == ((), Why.ANOTHER_POST)


def test_other_words_of_a_stranger_are_no_second_report() -> None:
    assert folded(reported(subject=S), retracted(S, source="/posts/chi-ma/d1")).second_reports == ()
    assert folded(reported(subject=S), reported(subject=S, source="/offices/so-ngoai-vu-lang-son", time=at(1))).second_reports == ()


def test_without_a_report_an_incident_belongs_to_nobody_and_the_register_still_decides_who_assesses() -> None:
    result = folded(updated(S, {"side": "VN"}), assessed(S, {}), assessed(S, {}, source="/posts/tan-thanh/d1", time=at(5)))
    assert (result.owner, result.complete, result.side, why(result)) == (None, False, Side.VN, Why.OFFICES_ONLY)
    only = folded(retracted(S, source="/offices/khong-biet"))
    assert (only.retracted, only.reporter, only.first_time) == (False, "/offices/khong-biet", NOON)
