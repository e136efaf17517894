"""The words for each fact: in a sentence, and in a question where it is unknown."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from schemas.codebook import Label
from schemas.facts import Fact

_EMPTY = Label("", "")


@dataclass(frozen=True, slots=True)
class Words:
    """One fact in words: a number has a `unit`, a flag `yes` and `no`, a code `values`; free text is quoted."""

    asked: Label
    """The question to the post."""
    unit: Label = _EMPTY
    alone: Label = Label("{}", "{}")  # noqa: RUF009  # a tuple: it cannot be shared by mistake
    """The words around the value where no phrase names the fact."""
    yes: Label = _EMPTY
    no: Label = _EMPTY
    values: Mapping[str, Label] = field(default_factory=dict)


Amount = int | float | Decimal


def number(value: Amount) -> Label:
    """A number as each language writes it, with all its decimals: `1.000,5` and `1,000.5`. Raises `ValueError` for NaN and infinity."""
    text = f"{exact(value):,f}"
    english = text.rstrip("0").rstrip(".") if "." in text else text
    return Label(english.translate(POINT_AND_COMMA), english)


def exact(value: Amount) -> Decimal:
    """The decimal that a number is written as; a negative zero is a zero. Raises `ValueError` for NaN and infinity."""
    decimal = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if not decimal.is_finite():
        raise ValueError(f"{value!r}: không phải là số · not a number")
    return decimal or Decimal(0)


POINT_AND_COMMA = str.maketrans(",.", ".,")
"""From the English signs to the Vietnamese ones."""
_PLAIN = re.compile(r"\w+( \w+){0,11}")
"""A post's own words that cannot be mistaken for ours: in Vietnamese they need no quotes."""


def word(name: str, value: Fact) -> Label:
    """The value of the fact `name`, for a phrase that says what it is the value of."""
    words = WORDS[name]
    if isinstance(value, bool):
        return words.yes if value else words.no
    if isinstance(value, tuple):
        each = [word(name, code) for code in value]
        return Label(", ".join(label.vi for label in each), ", ".join(label.en for label in each))
    if isinstance(value, str):
        return words.values.get(value) or Label(value if _PLAIN.fullmatch(value) else f"“{value}”", f"“{value}”")
    quantity = number(round(value, 3))
    return Label(f"{quantity.vi} {words.unit.vi}", f"{quantity.en} {words.unit.en}")


def word_alone(name: str, value: Label) -> Label:
    """A value in words, with what it is the value of."""
    alone = WORDS[name].alone
    return Label(alone.vi.format(value.vi), alone.en.format(value.en))


def _flag(asked: Label, yes: Label, no: Label) -> Words:
    return Words(asked, yes=yes, no=no)


_FROM_THE_LINE = Label("cách đường biên giới {}", "{} from the line")
_NOTICE = Label("báo trước {}", "{} of notice")
_AGREED = Label("hai bên đã thỏa thuận", "agreed by the two sides")
_NOT_AGREED = Label("hai bên chưa thỏa thuận", "not agreed by the two sides")

WORDS: dict[str, Words] = {
    "distance_m": Words(Label("khoảng cách tới đường biên giới", "the distance to the line"), unit=Label("m", "m"), alone=_FROM_THE_LINE),
    "distance_km": Words(
        Label("khoảng cách tới đường biên giới", "the distance to the line"), unit=Label("km", "km"), alone=_FROM_THE_LINE
    ),
    "notice_hours": Words(Label("đã báo trước bao nhiêu giờ", "the hours of notice given"), unit=Label("giờ", "h"), alone=_NOTICE),
    "notice_days": Words(Label("đã báo trước bao nhiêu ngày", "the days of notice given"), unit=Label("ngày", "days"), alone=_NOTICE),
    "agreed": _flag(Label("hai bên đã thỏa thuận hay chưa", "whether the two sides agreed"), _AGREED, _NOT_AGREED),
    "agreed_local": _flag(
        Label("cơ quan có thẩm quyền hai bên đã thỏa thuận hay chưa", "whether the competent bodies agreed"),
        Label("cơ quan có thẩm quyền hai bên đã thỏa thuận", "agreed by the competent bodies"),
        Label("cơ quan có thẩm quyền hai bên chưa thỏa thuận", "not agreed by the competent bodies"),
    ),
    "agreed_committee": _flag(
        Label("Ủy ban liên hợp đã đồng ý hay chưa", "whether the Joint Committee agreed"),
        Label("Ủy ban liên hợp đã đồng ý", "agreed by the Joint Committee"),
        Label("Ủy ban liên hợp chưa đồng ý", "not agreed by the Joint Committee"),
    ),
    "permanent": _flag(
        Label("có kiên cố hay không", "whether it is permanent"), Label("kiên cố", "permanent"), Label("không kiên cố", "not permanent")
    ),
    "change": Words(
        Label("xây mới, mở rộng hay duy tu", "whether it is new, an extension or upkeep"),
        values={
            "new": Label("xây mới", "new"),
            "extension": Label("mở rộng", "an extension"),
            "upkeep": Label("duy tu, sửa chữa", "upkeep"),
        },
    ),
    "purpose": Words(
        Label("mục đích", "the purpose"),
        alone=Label("với mục đích {}", "for {}"),
        values={
            "patrol_road": Label("đường tuần tra", "a patrol road"),
            "fence": Label("hàng rào", "a fence"),
            "monitoring": Label("giám sát", "monitoring"),
            "blocking": Label("ngăn chặn", "blocking"),
            "gate": Label("cửa khẩu", "a border gate"),
            "hunting": Label("săn bắn", "hunting"),
            "aerial_survey": Label("bay chụp ảnh, viễn thám", "an aerial survey"),
            "other": Label("khác", "another purpose"),
        },
    ),
    "structure": Words(Label("công trình gì", "what structure")),
    "changes_course": _flag(
        Label("có làm thay đổi dòng chảy, địa hình hay không", "whether it changes the course"),
        Label("làm thay đổi dòng chảy, địa hình", "change the course"),
        Label("không làm thay đổi dòng chảy, địa hình", "do not change the course"),
    ),
    "state": Words(
        Label("tình trạng mốc", "the state of the marker"),
        values={
            "damaged": Label("bị hư hại", "damaged"),
            "destroyed": Label("bị phá hủy", "destroyed"),
            "moved": Label("bị dịch chuyển", "moved"),
            "lost": Label("bị mất", "lost"),
            "stolen": Label("bị đánh cắp", "stolen"),
        },
    ),
    "cause": Words(
        Label("nguyên nhân do cố ý hay do thiên nhiên", "whether it was deliberate or natural"),
        values={"deliberate": Label("do cố ý", "deliberately"), "natural": Label("do thiên nhiên", "by nature")},
    ),
    "in_place": _flag(
        Label("có khôi phục đúng vị trí cũ hay không", "whether it was done in place"),
        Label("đúng vị trí cũ", "in place"),
        Label("không đúng vị trí cũ", "not in place"),
    ),
    "activity": Words(
        Label("hoạt động gì", "what activity"),
        values={
            "burial": Label("mai táng", "burial"),
            "felling": Label("chặt cây", "felling"),
            "grazing": Label("chăn thả gia súc", "grazing"),
            "cultivation": Label("canh tác", "cultivation"),
            "hunting": Label("săn bắn", "hunting"),
            "mining": Label("khai khoáng", "mining"),
            "gathering": Label("thu hái lâm, thủy sản", "gathering"),
        },
    ),
    "crossed": _flag(
        Label("có vượt qua đường biên giới hay không", "whether the line was crossed"),
        Label("đã vượt qua đường biên giới", "the line was crossed"),
        Label("chưa vượt qua đường biên giới", "the line was not crossed"),
    ),
    "across": _flag(
        Label("có bắn sang lãnh thổ bên kia hay không", "whether it was into the other territory"),
        Label("bắn sang lãnh thổ bên kia", "into the other territory"),
        Label("không bắn sang lãnh thổ bên kia", "not into the other territory"),
    ),
    "harm": _flag(
        Label("có gây thiệt hại cho bên kia hay không", "whether the other side was harmed"),
        Label("gây thiệt hại cho bên kia", "the other side was harmed"),
        Label("không gây thiệt hại cho bên kia", "the other side was not harmed"),
    ),
    "land_clearing": _flag(
        Label("có phải đốt để khai hoang hay không", "whether it was to clear land"),
        Label("khai hoang", "to clear land"),
        Label("không nhằm khai hoang", "not to clear land"),
    ),
    "subject": Words(
        Label("ai hoặc cái gì vượt qua", "who or what crossed"),
        values={
            "person": Label("người", "a person"),
            "livestock": Label("gia súc, gia cầm", "livestock"),
            "vehicle": Label("phương tiện đường bộ", "a vehicle"),
            "boat": Label("thuyền, bè", "a boat"),
            "aircraft": Label("tàu bay", "an aircraft"),
            "uav": Label("phương tiện bay không người lái", "a drone"),
        },
    ),
    "authorised": _flag(
        Label("có được phép hay không", "whether it was authorised"),
        Label("được phép", "authorised"),
        Label("không được phép", "not authorised"),
    ),
    "goods": Words(Label("hàng hóa gì", "what goods")),
    "spread_across": _flag(
        Label("có lan qua đường biên giới hay không", "whether it spread across the line"),
        Label("lan qua đường biên giới", "spread across the line"),
        Label("không lan qua đường biên giới", "did not spread across the line"),
    ),
    "entered": _flag(
        Label("có vào vùng trời bên kia hay không", "whether it entered the other side"),
        Label("vào vùng trời bên kia", "it entered the other side"),
        Label("không vào vùng trời bên kia", "it did not enter the other side"),
    ),
    "consent": _flag(
        Label("bên kia có đồng ý hay không", "whether the other side consented"),
        Label("bên kia đồng ý", "with consent"),
        Label("bên kia không đồng ý", "without consent"),
    ),
    "flag": Words(
        Label("tàu thuyền nước nào", "the flag"),
        values={
            "VN": Label("tàu thuyền Việt Nam", "a Vietnamese vessel"),
            "CN": Label("tàu thuyền Trung Quốc", "a Chinese vessel"),
            "third": Label("tàu thuyền nước thứ ba", "a third-country vessel"),
        },
    ),
    "own_waters": _flag(
        Label("có trong vùng nước của mình hay không", "whether it was in own waters"),
        Label("trong vùng nước của mình", "in own waters"),
        Label("ngoài vùng nước của mình", "outside own waters"),
    ),
    "method": Words(
        Label("cách đánh bắt", "the method"),
        values={
            "normal": Label("bằng cách thông thường", "by normal means"),
            "explosive": Label("bằng chất nổ", "with explosives"),
            "poison": Label("bằng chất độc", "with poison"),
            "electric": Label("bằng điện", "with electricity"),
        },
    ),
    "closed": _flag(
        Label("khu vực hoặc mùa có cấm đánh bắt hay không", "whether the area or season was closed"),
        Label("trong khu vực hoặc mùa cấm", "in a closed area or season"),
        Label("không phải khu vực hoặc mùa cấm", "in an open area and season"),
    ),
    "science": _flag(
        Label("có phải nghiên cứu khoa học hay không", "whether it was for science"),
        Label("để nghiên cứu khoa học", "for science"),
        Label("không phải nghiên cứu khoa học", "not for science"),
    ),
    "notified_in_advance": _flag(
        Label("có báo trước cho bên kia hay không", "whether the other side was told in advance"),
        Label("đã báo trước cho bên kia", "told in advance"),
        Label("không báo trước cho bên kia", "not told in advance"),
    ),
}
"""Every fact that a rule asks for or a sentence repeats."""
