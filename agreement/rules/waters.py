"""Articles 8-13: border waters."""

from agreement.rules.rule import Flag, Known, OneOf, Rule
from schemas.codebook import Kind, Label, Outcome


def fished(f: Known) -> Outcome:
    """10: own waters only, no explosives, poison or electricity, nothing closed except for science."""
    if not f["own_waters"] or f["method"] != "normal":
        return Outcome.BREACH
    if f["closed"]:
        return Outcome.EXEMPT if f["science"] else Outcome.BREACH
    return Outcome.NO_BREACH


def waters_changed(f: Known) -> Outcome:
    """11(1): no side changes the terrain of border waters alone."""
    if not f["changes_course"]:
        return Outcome.NO_BREACH
    return Outcome.EXEMPT if f["agreed"] else Outcome.BREACH


def vessel_entered(f: Known) -> Outcome:
    """12(1): vessels of third countries stay out unless agreed."""
    if f["flag"] != "third":
        return Outcome.NO_BREACH
    return Outcome.EXEMPT if f["agreed"] else Outcome.BREACH


RULES = (
    Rule(
        id="10.fishing",
        clause="10",
        kinds=(Kind.FISHING,),
        title=Label("đánh bắt cá ở vùng nước biên giới", "fishing in border waters"),
        asks={
            "own_waters": Flag(),
            "method": OneOf(("normal", "explosive", "poison", "electric")),
            "closed": Flag(),
            "science": Flag(),
        },
        decide=fished,
        says={Outcome.EXEMPT: Label("thuộc ngoại lệ nghiên cứu khoa học của Điều 10", "within the exception for science of Article 10")},
    ),
    Rule(
        id="11.1.river_works",
        clause="11(1)",
        kinds=(Kind.RIVER_WORKS,),
        title=Label("công trình trên sông, suối biên giới", "works on border waters"),
        asks={"changes_course": Flag(), "agreed": Flag()},
        decide=waters_changed,
        item=2,
        tells=("structure",),
    ),
    Rule(
        id="12.1.third_vessel",
        clause="12(1)",
        kinds=(Kind.VESSEL,),
        title=Label("tàu thuyền trên sông biên giới", "a vessel on border waters"),
        asks={"flag": OneOf(("VN", "CN", "third")), "agreed": Flag()},
        decide=vessel_entered,
    ),
)
