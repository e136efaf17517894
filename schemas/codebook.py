"""The codebook: every closed set of codes an event may use, and what each code is called.

The text of a code is the wire's text. Labels are what people see.
Kinds and their Article 39 items: Agreement of 18/11/2009, Article 39, items 1-16 (the wording of item 16 was not seen: provisional).
"""

from enum import StrEnum
from typing import NamedTuple


class Status(StrEnum):
    """CAP 1.2 `status`: only `actual` ever counts."""

    ACTUAL = "actual"
    EXERCISE = "exercise"
    TEST = "test"
    DRAFT = "draft"


class Precision(StrEnum):
    """How exactly the time of an occurrence is known."""

    MINUTE = "minute"
    HOUR = "hour"
    NIGHT = "night"
    DAY = "day"
    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"


class Side(StrEnum):
    """Whose act it was. Never derived from a marker's number, a direction or a nationality."""

    VN = "VN"
    CN = "CN"
    BOTH = "both"
    THIRD = "third"
    NATURAL = "natural"
    UNDETERMINED = "undetermined"
    CONTESTED = "contested"


class Direction(StrEnum):
    """Which way it went over the line."""

    VN_CN = "VN-CN"
    CN_VN = "CN-VN"
    ALONG = "along"


class Outcome(StrEnum):
    """What a finding or a verdict says, strongest first."""

    BREACH = "breach"
    NEEDS_FACTS = "needs_facts"
    BORDER_EVENT = "border_event"
    EXEMPT = "exempt"
    NO_BREACH = "no_breach"
    NOT_APPLICABLE = "not_applicable"


STRENGTH: dict[Outcome, int] = {outcome: rank for rank, outcome in enumerate(reversed(Outcome))}
"""Rank of an outcome: the larger is the stronger."""


class Measure(StrEnum):
    """What a number counts. "vụ" is never a measure: it is the incident itself."""

    PERSONS = "persons"
    VEHICLES = "vehicles"
    BOATS = "boats"
    LIVESTOCK = "livestock"
    GOODS = "goods"
    AREA = "area"
    VALUE = "value"


class Action(StrEnum):
    """What was done about an incident."""

    RECORDED = "recorded"
    ARRESTED = "arrested"
    DETAINED = "detained"
    PREVENTED = "prevented"
    RESCUED = "rescued"
    RECEIVED = "received"
    HANDED_OVER = "handed_over"
    RETURNED = "returned"
    QUARANTINED = "quarantined"
    FINED = "fined"
    PROSECUTED = "prosecuted"
    CONFISCATED = "confiscated"
    DESTROYED = "destroyed"
    INVESTIGATING = "investigating"
    TALKS = "talks"
    MEETING = "meeting"
    LETTER = "letter"
    PROTEST_LETTER = "protest_letter"
    SURVEY = "survey"
    MONITORED = "monitored"
    ADVISED = "advised"
    REPORTED = "reported"
    SUBMITTED = "submitted"
    REPAIRED = "repaired"


class Kind(StrEnum):
    """What happened. Article 39 matters first, then other matters of the regime, then what is recorded but never a breach."""

    MARKER_DAMAGE = "marker_damage"
    RIVER_WORKS = "river_works"
    SHOOTING = "shooting"
    BLASTING = "blasting"
    VIOLENCE = "violence"
    CROSSING = "crossing"
    CROSS_PRODUCTION = "cross_production"
    ILLEGAL_RESIDENCE = "illegal_residence"
    SMUGGLING = "smuggling"
    PROPERTY_CRIME = "property_crime"
    DISEASE = "disease"
    GAMBLING = "gambling"
    FIRE_FLOOD = "fire_flood"
    TRAFFICKING = "trafficking"
    DRUGS = "drugs"
    ARMS_COUNTERFEIT = "arms_counterfeit"
    WORKS = "works"
    CLEAR_STRIP = "clear_strip"
    BURNING = "burning"
    MINING = "mining"
    GUN_HUNTING = "gun_hunting"
    HAZARD_SITE = "hazard_site"
    FLIGHT = "flight"
    VESSEL = "vessel"
    FISHING = "fishing"
    CROSS_WORKS = "cross_works"
    GATE_RESTRICTION = "gate_restriction"
    MARKER_REPAIR = "marker_repair"
    PERMIT = "permit"
    MARKER_UPKEEP = "marker_upkeep"
    WORKS_NOTICE = "works_notice"
    SURVEY = "survey"
    PATROL = "patrol"
    LETTER = "letter"
    GATE_CHANGE = "gate_change"
    NATURAL_EVENT = "natural_event"
    SEA_OBSTRUCTION = "sea_obstruction"
    OTHER = "other"


class Label(NamedTuple):
    """What a code is called."""

    vi: str
    en: str


KIND_LABELS: dict[Kind, Label] = {
    Kind.MARKER_DAMAGE: Label("hư hại, dịch chuyển, mất mốc giới", "marker damaged, moved or lost"),
    Kind.RIVER_WORKS: Label("công trình trên sông, suối biên giới", "works on border waters"),
    Kind.SHOOTING: Label("nổ súng", "shooting"),
    Kind.BLASTING: Label("nổ mìn", "blasting"),
    Kind.VIOLENCE: Label("xâm hại tính mạng, sức khỏe", "violence"),
    Kind.CROSSING: Label("vượt biên trái phép", "illegal crossing"),
    Kind.CROSS_PRODUCTION: Label("xâm canh, sản xuất qua biên giới", "production across the line"),
    Kind.ILLEGAL_RESIDENCE: Label("cư trú bất hợp pháp", "illegal residence"),
    Kind.SMUGGLING: Label("vận chuyển trái phép hàng hóa", "smuggling"),
    Kind.PROPERTY_CRIME: Label("trộm, cướp, hủy hoại tài sản", "property crime"),
    Kind.DISEASE: Label("dịch bệnh lây qua biên giới", "disease or pest across the line"),
    Kind.GAMBLING: Label("tổ chức, lôi kéo đánh bạc", "gambling"),
    Kind.FIRE_FLOOD: Label("hỏa hoạn, lũ lụt", "fire or flood"),
    Kind.TRAFFICKING: Label("buôn bán người", "trafficking in persons"),
    Kind.DRUGS: Label("ma túy", "drugs"),
    Kind.ARMS_COUNTERFEIT: Label("vũ khí, tiền giả", "arms or counterfeit money"),
    Kind.WORKS: Label("xây dựng công trình", "works near the line"),
    Kind.CLEAR_STRIP: Label("hoạt động trong đường thông tầm nhìn", "activity in the clear-view strip"),
    Kind.BURNING: Label("đốt cây khai hoang", "burning to clear land"),
    Kind.MINING: Label("khai thác khoáng sản", "mining"),
    Kind.GUN_HUNTING: Label("săn bắn bằng súng", "hunting with guns"),
    Kind.HAZARD_SITE: Label("kho hóa chất, bãi chất thải nguy hại", "hazardous storage or disposal site"),
    Kind.FLIGHT: Label("hoạt động bay", "flight"),
    Kind.VESSEL: Label("tàu thuyền trên sông biên giới", "vessel on border waters"),
    Kind.FISHING: Label("đánh bắt cá", "fishing"),
    Kind.CROSS_WORKS: Label("công trình qua biên giới", "works crossing the line"),
    Kind.GATE_RESTRICTION: Label("hạn chế qua lại cửa khẩu", "gate restriction"),
    Kind.MARKER_REPAIR: Label("sửa chữa, khôi phục mốc giới", "marker repair or rebuilding"),
    Kind.PERMIT: Label("giấy thông hành biên giới", "border permit"),
    Kind.MARKER_UPKEEP: Label("chăm sóc, sửa chữa nhẹ mốc giới", "marker upkeep"),
    Kind.WORKS_NOTICE: Label("thông báo công trình", "notice of works"),
    Kind.SURVEY: Label("khảo sát", "survey"),
    Kind.PATROL: Label("tuần tra", "patrol"),
    Kind.LETTER: Label("thư trao đổi, thông báo", "letter"),
    Kind.GATE_CHANGE: Label("thay đổi cửa khẩu, lối mở", "gate change"),
    Kind.NATURAL_EVENT: Label("thiên tai", "natural event"),
    Kind.SEA_OBSTRUCTION: Label("ngăn cản trên biển", "obstruction at sea"),
    Kind.OTHER: Label("việc khác", "other"),
}

OUTCOME_LABELS: dict[Outcome, Label] = {
    Outcome.BREACH: Label("vi phạm Hiệp định", "breach"),
    Outcome.NEEDS_FACTS: Label("cần thêm dữ kiện", "needs facts"),
    Outcome.BORDER_EVENT: Label("sự kiện biên giới", "border event"),
    Outcome.EXEMPT: Label("thuộc ngoại lệ", "exempt"),
    Outcome.NO_BREACH: Label("không vi phạm", "no breach"),
    Outcome.NOT_APPLICABLE: Label("ngoài phạm vi", "not applicable"),
}

SIDE_LABELS: dict[Side, Label] = {
    Side.VN: Label("Việt Nam", "Vietnam"),
    Side.CN: Label("Trung Quốc", "China"),
    Side.BOTH: Label("cả hai phía", "both"),
    Side.THIRD: Label("bên thứ ba", "third party"),
    Side.NATURAL: Label("thiên nhiên", "nature"),
    Side.UNDETERMINED: Label("chưa xác định", "undetermined"),
    Side.CONTESTED: Label("còn ý kiến khác nhau", "contested"),
}

ARTICLE39: dict[Kind, int] = {
    kind: item
    for item, kind in enumerate(
        (
            Kind.MARKER_DAMAGE,
            Kind.RIVER_WORKS,
            Kind.SHOOTING,
            Kind.BLASTING,
            Kind.VIOLENCE,
            Kind.CROSSING,
            Kind.CROSS_PRODUCTION,
            Kind.ILLEGAL_RESIDENCE,
            Kind.SMUGGLING,
            Kind.PROPERTY_CRIME,
            Kind.DISEASE,
            Kind.GAMBLING,
            Kind.FIRE_FLOOD,
            Kind.TRAFFICKING,
            Kind.DRUGS,
            Kind.ARMS_COUNTERFEIT,
        ),
        start=1,
    )
}
"""The item of Article 39 a kind belongs to; a kind without one is absent."""
