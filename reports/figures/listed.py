"""The list of figures, for those who read a report or ask for one figure: what each is called, what it counts, what it adds up to."""

from collections.abc import Iterator
from dataclasses import dataclass

from reports.figures.families import FAMILIES


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


_CROSSED = "Đã qua cửa khẩu, lối mở, theo bản đính chính mới nhất của mỗi bản ghi; tính vào kỳ mà khoảng thời gian của bản ghi bắt đầu."
_PASSED = {
    "persons": ("Lượt người", "lượt người", True),
    "vehicles": ("Lượt phương tiện", "lượt phương tiện", True),
    "goods.kg": ("Hàng hóa", "kg", False),
}
_WAYS = {
    "total": ("qua cửa khẩu, cả hai chiều", None),
    "VN-CN": ("từ Việt Nam sang Trung Quốc", "total"),
    "CN-VN": ("từ Trung Quốc sang Việt Nam", "total"),
}
_AT_THE_MOMENT = {
    "open.dead_letters": ("Tin gửi đến chưa đọc được, chưa gửi lại", "tin", "Thư chết của đơn vị còn mở vào lúc số liệu được lấy."),
    "open.conflicts": ("Tin mâu thuẫn đang để riêng", "tin", "Tin cùng mã hoặc cùng số thứ tự với tin đã ghi mà khác nội dung."),
    "open.corrections": (
        *("Bổ sung, đính chính chờ xử lý", "vụ việc"),
        "Vụ có bổ sung mà chưa có tin báo đầu, hoặc có thêm dữ kiện sau khi cán bộ kết luận.",
    ),
    "posts.reported": ("Đồn có báo cáo trong kỳ", "đồn", "Đồn có vụ việc, số liệu qua cửa khẩu hoặc tin “không có vụ việc” trong kỳ."),
    "posts.expected": (
        *("Đồn phải báo cáo", "đồn"),
        "Đồn trong sổ đăng ký của đơn vị, và đồn đã có báo cáo trong kỳ này hoặc cùng kỳ năm trước.",
    ),
}


def listed() -> Iterator[Listed]:
    """Every figure there can be, in the order of a report; those with countless names by an example."""
    for family in FAMILIES:
        for key in (*family.always, *family.examples):
            always = key in family.always
            yield Listed(family.prefix + key, family.label(key), family.unit(key), family.definition, family.whole, always)
    for what, (label, unit, always) in _PASSED.items():
        for way, (told, whole) in _WAYS.items():
            adds_up_to = f"crossing.{whole}.{what}" if whole else None
            yield Listed(f"crossing.{way}.{what}", f"{label} {told}", unit, _CROSSED, adds_up_to, always)
    for figure_id, (label, unit, definition) in _AT_THE_MOMENT.items():
        yield Listed(figure_id, label, unit, definition, None, always=True)


def definition(figure_id: str) -> str | None:
    """What a figure counts, Vietnamese. None for a figure that is none."""
    family = next((family for family in FAMILIES if family.key_of(figure_id) is not None), None)
    if family is not None:
        return family.definition
    if figure_id.startswith("crossing."):
        return _CROSSED
    return _AT_THE_MOMENT[figure_id][-1] if figure_id in _AT_THE_MOMENT else None
