"""Which incidents may be one and the same, told twice."""

from datetime import timedelta
from typing import Any

import pytest

from agreement.judged_state import FoldInput
from reports.audit.duplicate_candidates import duplicate_candidates
from reports.audit.rebuilding import RebuiltIncident, rebuilt_incident
from reports.model import Check, Severity
from schemas.validation import decode
from tests import builders

TAN_THANH, HUU_NGHI = "/posts/tan-thanh/d1", "/posts/huu-nghi/d1"


def told(*events: dict[str, Any]) -> RebuiltIncident:
    given = FoldInput([decode(builders.payload(event)) for event in events])  # type: ignore[misc]
    return rebuilt_incident(events[0]["subject"], given, None)


def seen(
    hours: float = -10, marker: str = "1088/2", source: str = TAN_THANH, *, precision: str = "minute", kind: str = "works", **changes: Any
) -> RebuiltIncident:
    """An incident so many hours from noon."""
    occurred = {"start": (builders.NOON + timedelta(hours=hours)).isoformat(), "precision": precision}
    place = changes.pop("place", {"scheme": "marker", "line": "VN-CN", "marker": marker})
    data = builders.incident(kind=kind, occurred=occurred, place=place, facts={}, **changes)
    later = (builders.NOON + timedelta(days=3)).isoformat()
    return told(builders.reported(data, source=source, time=later))


def area(**names: str) -> dict[str, Any]:
    return {"place": {"scheme": "area", "province": "lang-son"} | names}


def gate(slug: str) -> dict[str, Any]:
    return {"place": {"scheme": "gate", "gate": slug}}


def checked(*incidents: RebuiltIncident, ours: set[str] | None = None) -> list[Check]:
    return list(duplicate_candidates(incidents, {one.subject for one in incidents} if ours is None else ours))


def pairs(*incidents: RebuiltIncident) -> list[tuple[str, ...]]:
    return [check.subjects for check in checked(*incidents)]


def test_two_posts_one_night_one_kind_and_markers_near_each_other_are_suspected() -> None:
    one, other = seen(-14, "1088/2"), seen(-9, "1090", HUU_NGHI)
    (check,) = checked(other, one)
    assert check.subjects == (one.subject, other.subject)
    assert (check.code, check.severity) == ("suspected_duplicate", Severity.REVIEW)
    assert check.message.startswith("Nghi một vụ được báo hai lần (")
    assert f"{one.subject} (đồn Tân Thanh, máy d1; 22:00 27/12/2025; 1088/2)" in check.message
    assert f"{other.subject} (đồn Hữu Nghị, máy d1; 03:00 28/12/2025; 1090)" in check.message
    assert "cách nhau 5 giờ 00 phút; nếu là một vụ, cần rút một tin" in check.message


@pytest.mark.parametrize("marker", ["1085", "1091", "1088/2", "1088(1)", "1070-1085", "1091-1099", "1000, 1090"])
def test_markers_within_three_of_each_other_are_near(marker: str) -> None:
    assert len(pairs(seen(), seen(marker=marker, source=HUU_NGHI))) == 1


@pytest.mark.parametrize("marker", ["1084", "1092", "1070-1084", "1092-1099", "1000, 1100"])
def test_markers_further_apart_are_not(marker: str) -> None:
    assert pairs(seen(), seen(marker=marker, source=HUU_NGHI)) == []


def test_nearness_is_the_same_wherever_on_the_line() -> None:
    for main in range(1060, 1080):
        for step in range(6):
            found = pairs(seen(marker=str(main)), seen(marker=str(main + step), source=HUU_NGHI))
            assert bool(found) is (step <= 3), (main, step)


@pytest.mark.parametrize(
    ("one", "other", "suspicious"),
    [
        ((0, "minute"), (12, "minute"), True),
        ((0, "minute"), (12.1, "minute"), False),
        ((0, "hour"), (13, "minute"), True),
        ((0, "hour"), (13.1, "minute"), False),
        ((0, "night"), (24, "minute"), True),
        ((0, "night"), (24.1, "minute"), False),
        ((0, "day"), (36, "hour"), True),
        ((0, "day"), (36.1, "hour"), False),
        ((0, "month"), (24 * 20, "minute"), True),
        ((0, "minute"), (24, "month"), False),
    ],
)
def test_a_night_is_as_long_as_precision_leaves_open(one: tuple[float, str], other: tuple[float, str], suspicious: bool) -> None:
    first, second = seen(one[0] - 600, precision=one[1]), seen(other[0] - 600, source=HUU_NGHI, precision=other[1])
    assert bool(pairs(first, second)) is suspicious


def test_what_differs_in_kind_is_not_suspected_and_what_does_not_count_neither() -> None:
    assert pairs(seen(), seen(kind="mining", source=HUU_NGHI)) == []
    assert pairs(seen(), seen(status="exercise", source=HUU_NGHI)) == []
    gone = builders.reported(source=HUU_NGHI)
    assert pairs(seen(-3), told(gone, builders.retracted(gone["subject"], source=HUU_NGHI))) == []


def test_two_devices_of_one_post_are_suspected_and_one_device_only_of_saying_the_very_same_twice() -> None:
    assert len(pairs(seen(), seen(-9.5, source="/posts/tan-thanh/d2"))) == 1
    assert pairs(seen(), seen(-9.5)) == []
    assert pairs(seen(), seen(marker="1089")) == []
    (check,) = checked(seen(), seen())
    assert "cùng thời điểm" in check.message


def test_one_gate_is_near_itself_and_the_markers_it_stands_at() -> None:
    assert len(pairs(seen(**gate("ta-lung")), seen(source=HUU_NGHI, **gate("ta-lung")))) == 1
    assert pairs(seen(**gate("ta-lung")), seen(source=HUU_NGHI, **gate("tra-linh"))) == []
    assert len(pairs(seen(**gate("tan-thanh")), seen(marker="1088", source=HUU_NGHI))) == 1
    assert pairs(seen(**gate("tan-thanh")), seen(marker="1100", source=HUU_NGHI)) == []


def test_without_markers_the_commune_tells_and_the_district_where_there_is_none() -> None:
    assert len(pairs(seen(**area(commune="Bảo Lâm")), seen(source=HUU_NGHI, **area(commune="bao lam")))) == 1
    assert len(pairs(seen(**area(district="Cao Lộc")), seen(source=HUU_NGHI, **area(district="Cao Lộc", commune="Bảo Lâm")))) == 1
    assert (
        pairs(seen(**area(district="Cao Lộc", commune="Xuất Lễ")), seen(source=HUU_NGHI, **area(district="Cao Lộc", commune="Bảo Lâm")))
        == []
    )
    assert pairs(seen(**area()), seen(source=HUU_NGHI, **area())) == []
    marked = {"scheme": "marker", "line": "VN-CN", "marker": "1088", "commune": "Bảo Lâm"}
    assert len(pairs(seen(place=marked), seen(source=HUU_NGHI, **area(commune="Bảo Lâm")))) == 1
    far = marked | {"marker": "1126"}
    assert pairs(seen(place=marked), seen(source=HUU_NGHI, place=far)) == []


def test_at_sea_the_area_tells() -> None:
    sea = {"kind": "sea_obstruction", "place": {"scheme": "sea", "area": "Hoàng Sa"}}
    (check,) = checked(seen(**sea), seen(source=HUU_NGHI, **sea))
    assert check.message.startswith("01 cặp việc được ghi nhận")  # no rule looks at them: named together


def test_matters_that_no_rule_looks_at_are_named_in_one_check() -> None:
    patrols = [seen(source=f"/posts/tan-thanh/d{number}", kind="patrol") for number in range(4)]
    (check,) = checked(*patrols)
    assert check.message.startswith("06 cặp việc được ghi nhận")
    assert len(check.subjects) == 6


def test_a_pair_is_shown_where_one_of_it_is_in_the_report() -> None:
    one, other = seen(), seen(source=HUU_NGHI)
    (check,) = checked(one, other, ours={other.subject})
    assert f"{one.subject} không thuộc số liệu của báo cáo này (ngoài kỳ hoặc đơn vị)" in check.message
    assert checked(one, other, ours=set()) == []


def test_an_officers_finding_hides_no_suspicion_and_is_said() -> None:
    first = builders.reported()
    assessed = told(first, builders.assessed(first["subject"], {"outcome": "breach"}))
    (check,) = checked(assessed, seen(-3, source=HUU_NGHI))
    assert f"{first['subject']} đã có kết luận của cán bộ" in check.message


def test_pairs_come_in_the_order_of_time_whatever_the_order_given() -> None:
    incidents = [seen(-hours, source=f"/posts/tan-thanh/d{hours}") for hours in range(1, 7)]
    forward, backward = checked(*incidents), checked(*reversed(incidents))
    assert forward == backward
    assert len(forward) == 15
    earliest = {incident.subject: incident.state.occurred_start for incident in incidents}
    assert [earliest[check.subjects[0]] for check in forward] == sorted(earliest[check.subjects[0]] for check in forward)


def test_a_long_section_is_suspected_once_however_many_markers_it_shares() -> None:
    assert len(pairs(seen(marker="1000-1200"), seen(marker="1010-1190", source=HUU_NGHI))) == 1
