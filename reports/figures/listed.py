"""The list of figures, for those who read a report or ask for one figure: what each is called, what it counts, what it adds up to."""

from collections.abc import Iterator
from dataclasses import dataclass

from agreement.figure_families import FAMILIES
from agreement.published_families import PUBLISHED, published_family
from reports.figures import acknowledging, coverage, open_matters
from reports.figures.crossing import named


@dataclass(frozen=True, slots=True)
class Listed:
    """One figure, or an example of many that differ in the last part of their name."""

    id: str
    label: str
    unit: str
    definition: str
    adds_up_to: str | None
    """The figure it is a part of, all parts together being that figure."""
    always: bool
    """Whether it is in every report, 0 too; else it is an example."""
    published: bool = False
    """Whether it is only published, and no event counts it."""


_CROSSED = "Đã qua cửa khẩu, lối mở, theo bản đính chính mới nhất của mỗi bản ghi; tính vào kỳ mà khoảng thời gian của bản ghi bắt đầu."
_PASSED = {"persons": True, "vehicles": True, "goods.kg": False}
"""Whether the figure is in every report."""
_ADDS_UP_TO = {"total": None, "VN-CN": "total", "CN-VN": "total"}
_WAITED = (
    "Vụ vi phạm và việc khẩn của kỳ đã có trực ban nhận: từ lúc trung tâm có tin báo đầu đến lúc nhận lần đầu, không gồm tin nhập từ bảng; "
    "không có khi chưa ai nhận vụ nào."
)
_EXTENTS = {
    "whole": "Đồn mà các tin nối nhau phủ cả kỳ, hoặc đến hết hôm trước nếu kỳ chưa kết thúc.",
    "part": "Đồn mà các tin chỉ phủ một phần kỳ, hoặc báo đã gửi nhiều hơn hồ sơ có.",
}
_SPOKEN = {
    "incidents": "Tính tin “không có vụ việc” đến lúc gửi tin, và ngày xảy ra vụ việc của đồn.",
    "crossings": "Tính tin có nêu lượt qua cửa khẩu đến lúc gửi tin, và khoảng thời gian của số đếm.",
}
_AT_THE_MOMENT = {
    "open.dead_letters": "Thư chết của đơn vị còn mở vào lúc số liệu được lấy.",
    "open.conflicts": "Tin cùng mã hoặc cùng số thứ tự với tin đã ghi mà khác nội dung.",
    "open.corrections": "Vụ có bổ sung mà chưa có tin báo đầu, hoặc có thêm dữ kiện sau khi cán bộ kết luận.",
    "duty.acknowledged_median": _WAITED,
    "duty.acknowledged_longest": _WAITED,
    "posts.reported": "Đồn có vụ việc, số liệu qua cửa khẩu hoặc tin “không có vụ việc” cho cả kỳ hoặc một phần kỳ.",
    "posts.expected": "Đồn trong danh bạ của đơn vị có vào thời gian của kỳ, và đồn ngoài danh bạ đã có báo cáo trong kỳ này hoặc cùng kỳ năm trước.",
    **{f"posts.{extent}.{matter}": f"{text} {_SPOKEN[matter]}" for extent, text in _EXTENTS.items() for matter in _SPOKEN},
}
_LABELS = {"open": open_matters.LABELS, "duty": acknowledging.LABELS, "posts": coverage.LABELS}


def listed() -> Iterator[Listed]:
    """Every figure there can be, in the order of a report; those with countless names by an example. At the end, those that are only published."""
    for family in FAMILIES:
        for key in (*family.always, *family.examples):
            always = key in family.always
            yield Listed(family.prefix + key, family.label(key), family.unit(key), family.definition, family.whole, always)
    for what, always in _PASSED.items():
        for way, whole in _ADDS_UP_TO.items():
            adds_up_to = f"crossing.{whole}.{what}" if whole else None
            yield Listed(f"crossing.{way}.{what}", *named(f"{way}.{what}"), _CROSSED, adds_up_to, always)
    for figure_id, meaning in _AT_THE_MOMENT.items():
        head, _, key = figure_id.partition(".")
        yield Listed(figure_id, *_LABELS[head][key], meaning, None, always=head != "duty")
    for family in PUBLISHED:
        for key in family.examples:
            yield Listed(
                family.prefix + key, family.label(key), family.unit(key), family.definition, family.whole, always=False, published=True
            )


def definition(figure_id: str) -> str | None:
    """What a figure counts, Vietnamese. None for a figure that is none."""
    family = next((family for family in FAMILIES if family.key_of(figure_id) is not None), None)
    if family is not None:
        return family.definition
    if figure_id.startswith("crossing."):
        return _CROSSED
    if (apart := published_family(figure_id)) is not None:
        return apart[0].definition
    return _AT_THE_MOMENT.get(figure_id)
