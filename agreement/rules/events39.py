"""Article 39: events for the border representatives that break no clause of a side."""

from agreement.rules.rule import NOTHING, Ask, Flag, Known, Rule
from schemas.codebook import ARTICLE39, Kind, Label, Outcome


def border_event(f: Known) -> Outcome:  # noqa: ARG001  # the shape of `Rule.decide`
    """An item of Article 39 as it stands."""
    return Outcome.BORDER_EVENT


def crossed_unauthorised(f: Known) -> Outcome:
    """Item 6: an authorised crossing is no event."""
    return Outcome.NO_BREACH if f["authorised"] else Outcome.BORDER_EVENT


def spread(f: Known) -> Outcome:
    """Items 11 and 13: what stayed on its own side is no event."""
    return Outcome.BORDER_EVENT if f["spread_across"] else Outcome.NO_BREACH


def _item(kind: Kind, title: Label, *, asks: dict[str, Ask] | None = None, tells: tuple[str, ...] = ()) -> Rule:
    """The rule of one item: by its decisive fact where `asks` names one, else a border event as it stands."""
    wanted = asks or {}
    item = ARTICLE39[kind]
    return Rule(
        id=f"39.{item}.{kind}",
        clause=None,
        kinds=(kind,),
        title=title,
        asks=wanted,
        decide={"authorised": crossed_unauthorised, "spread_across": spread}[next(iter(wanted))] if wanted else border_event,
        item=item,
        decisive=next(iter(wanted), None),
        by_nature=NOTHING,
        tells=tells,
    )


RULES = (
    _item(Kind.VIOLENCE, Label("xâm hại tính mạng, sức khỏe công dân bên kia", "citizens of the other side harmed or endangered")),
    _item(Kind.CROSSING, Label("vượt qua đường biên giới", "crossing of the line"), asks={"authorised": Flag()}, tells=("subject",)),
    _item(Kind.ILLEGAL_RESIDENCE, Label("cư trú bất hợp pháp", "illegal residence")),
    _item(Kind.SMUGGLING, Label("vận chuyển trái phép hàng hóa", "illegal transport of goods"), tells=("goods",)),
    _item(Kind.PROPERTY_CRIME, Label("trộm, cướp, lừa đảo, hủy hoại tài sản", "robbery, theft, fraud or damage to property")),
    _item(Kind.DISEASE, Label("dịch bệnh, sinh vật gây hại", "disease or pest"), asks={"spread_across": Flag()}),
    _item(Kind.GAMBLING, Label("tổ chức, lôi kéo đánh bạc", "organising or luring to gambling")),
    _item(Kind.FIRE_FLOOD, Label("hỏa hoạn, lũ lụt", "fire or flood"), asks={"spread_across": Flag()}),
    _item(Kind.TRAFFICKING, Label("buôn bán người", "trafficking in persons")),
    _item(Kind.DRUGS, Label("ma túy", "drugs")),
    _item(Kind.ARMS_COUNTERFEIT, Label("vũ khí, vật liệu nổ, tiền giả", "arms, explosives or counterfeit money")),
)
