"""The registry of figures that are only published: no event counts them. A report prints them apart from what was counted. Pure.

They are what a foreign affairs department reports beside the incidents: delegations, consular work, trade through the gates, sessions,
talks and letters, directives, and the percentage of a plan.
"""

from collections.abc import Iterator, Mapping

from agreement.figure_families import Family, is_figure

MILLION_USD = "triệu USD"
PERCENT = "%"
PERSONS = "lượt người"
FRACTIONAL = frozenset({MILLION_USD, PERCENT})
"""Units of what is measured; all others count, in whole numbers."""
PLAN = "plan."
"""`plan.trade.export`: how much of its plan a figure reached."""

_NOT_COUNTED = "Chỉ lấy từ văn bản đã công bố."
_OUT = {"province": "Đoàn ra cấp tỉnh", "department": "Đoàn ra cấp sở, ngành, huyện"}
_PAID = {"state_budget": "Đoàn ra bằng ngân sách nhà nước", "sponsored": "Đoàn ra do phía nước ngoài đài thọ"}
_IN = {"hosted": "Đoàn vào do tỉnh chủ trì đón tiếp", "guests": "Đoàn khách quốc tế", "press": "Đoàn phóng viên, chuyên gia nước ngoài"}


def _one(figure_id: str, label: str, unit: str, definition: str) -> Family:
    return Family(figure_id, f"{definition} {_NOT_COUNTED}", lambda _: label, lambda _: unit, examples=("",))


def _parts(
    prefix: str, labels: Mapping[str, str], unit: str, definition: str, whole: str | None = None, *, divides: bool = False
) -> Family:
    return Family(
        prefix,
        f"{definition} {_NOT_COUNTED}",
        labels.__getitem__,
        lambda _: unit,
        examples=tuple(labels),
        whole=whole,
        divides=divides,
    )


def _delegations(prefix: str, labels: Mapping[str, str], definition: str, whole: str | None, *, divides: bool = False) -> Iterator[Family]:
    """The delegations, and the persons in them."""
    persons = {f"{key}.persons": f"Người trong {label[0].lower()}{label[1:]}" for key, label in labels.items()}
    people = f"{definition} Số lượt người; không cộng với số đoàn."
    yield _parts(prefix, labels, "đoàn", definition, whole, divides=divides)
    yield _parts(prefix, persons, PERSONS, people, whole and f"{whole}.persons", divides=divides)


def _planned(key: str) -> str:
    planned = None if key.startswith(PLAN) else published_family(key)
    if planned is None:
        raise ValueError(key)
    family, own = planned
    return f"Đạt so với kế hoạch: {family.label(own)}"


PUBLISHED: tuple[Family, ...] = (
    *_delegations("delegations.", {"total": "Đoàn ra và đoàn vào"}, "Đoàn đi nước ngoài và đoàn nước ngoài vào, cả hai.", None),
    *_delegations(
        "delegations.",
        {"out": "Đoàn ra", "in": "Đoàn vào"},
        "Đoàn của tỉnh đi nước ngoài (ra) và đoàn nước ngoài đến tỉnh (vào).",
        "delegations.total",
        divides=True,
    ),
    *_delegations("delegations.out.", _OUT, "Đoàn ra, theo cấp của đoàn.", "delegations.out", divides=True),
    *_delegations("delegations.out.", _PAID, "Đoàn ra, theo nguồn kinh phí mà văn bản nêu.", "delegations.out"),
    *_delegations("delegations.in.", _IN, "Đoàn vào, theo loại đoàn mà văn bản nêu.", "delegations.in"),
    *_delegations(
        "delegations.in.",
        {"courtesy": "Đoàn được lãnh đạo tỉnh tiếp xã giao"},
        "Đoàn vào được lãnh đạo tỉnh tiếp; có thể đã tính ở loại đoàn khác.",
        None,
    ),
    _one("agreements.total", "Thỏa thuận quốc tế đã ký", "thỏa thuận", "Thỏa thuận quốc tế đã ký trong kỳ."),
    _parts(
        "agreements.",
        {"province": "Thỏa thuận quốc tế cấp tỉnh", "department": "Thỏa thuận quốc tế cấp sở, ngành"},
        "thỏa thuận",
        "Thỏa thuận quốc tế đã ký, theo cấp ký.",
        "agreements.total",
        divides=True,
    ),
    _one("consular.total", "Vụ việc lãnh sự và bảo hộ công dân", "vụ việc", "Vụ việc lãnh sự và vụ việc bảo hộ công dân, cả hai."),
    _parts(
        "consular.",
        {"cases": "Vụ việc lãnh sự", "protection": "Vụ việc bảo hộ công dân"},
        "vụ việc",
        "Vụ việc lãnh sự (người nước ngoài tại tỉnh) và bảo hộ công dân ta ở nước ngoài đã xử lý.",
        "consular.total",
        divides=True,
    ),
    _one("trade.total", "Kim ngạch xuất nhập khẩu", MILLION_USD, "Trị giá hàng xuất khẩu và nhập khẩu qua các cửa khẩu của tỉnh."),
    _parts(
        "trade.",
        {"export": "Kim ngạch xuất khẩu", "import": "Kim ngạch nhập khẩu"},
        MILLION_USD,
        "Trị giá hàng qua các cửa khẩu của tỉnh, theo chiều.",
        "trade.total",
        divides=True,
    ),
    _one("trade.local_export", "Xuất khẩu hàng địa phương", MILLION_USD, "Trị giá hàng của tỉnh xuất khẩu, qua cửa khẩu nào cũng tính."),
    _one("committee.total", "Phiên họp biên giới", "phiên", "Phiên họp của Ủy ban liên hợp và của Ban Chỉ đạo, cả hai."),
    _parts(
        "committee.",
        {"joint": "Phiên họp Ủy ban liên hợp, Ủy ban công tác liên hợp", "steering": "Phiên họp Ban Chỉ đạo công tác biên giới"},
        "phiên",
        "Phiên họp với phía Trung Quốc, và phiên họp của Ban Chỉ đạo tỉnh. Số thứ tự của phiên (“lần thứ 15”) không phải số phiên.",
        "committee.total",
        divides=True,
    ),
    _one("contacts.talks", "Cuộc hội đàm", "cuộc", "Cuộc hội đàm với phía Trung Quốc, mọi cấp."),
    _one("contacts.letters", "Thư trao đổi", "thư", "Thư gửi hoặc trao đổi với phía bạn, đối tác; không đếm từ tin của đồn."),
    _one("contacts.telegrams", "Điện trao đổi", "điện", "Điện mừng, thăm hỏi, chia buồn, trao đổi đã gửi."),
    _one("contacts.notes", "Công hàm", "công hàm", "Công hàm gửi hoặc trao đổi."),
    _one("directives.received", "Văn bản chỉ đạo đã nhận", "văn bản", "Văn bản chỉ đạo của cấp trên nhận trong kỳ."),
    _parts(
        "directives.",
        {"answered": "Văn bản chỉ đạo đã trả lời", "pending": "Văn bản chỉ đạo chưa trả lời"},
        "văn bản",
        "Văn bản chỉ đạo nhận trong kỳ, theo việc đã trả lời hay chưa.",
        "directives.received",
        divides=True,
    ),
    Family(
        PLAN,
        f"Phần trăm kế hoạch của kỳ mà số liệu đứng sau “{PLAN}” đạt được. {_NOT_COUNTED}",
        _planned,
        lambda _: PERCENT,
        examples=("trade.export",),
    ),
)
"""In the order they are printed."""


def published_family(figure_id: str) -> tuple[Family, str] | None:
    """The family of a figure that is only published, and its key there; None for any other."""
    return next(((family, key) for family in PUBLISHED if (key := family.key_of(figure_id)) is not None), None)


def is_publishable(figure_id: str) -> bool:
    """Whether a published total may have this name: of a report's own figures, or of those that are only published."""
    return is_figure(figure_id) or published_family(figure_id) is not None
