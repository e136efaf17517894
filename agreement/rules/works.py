"""Articles 20-21: flights and works near the line."""

from agreement.rules.rule import Ask, AtLeast, AtMost, Flag, Known, OneOf, Rule
from schemas.codebook import Kind, Label, Outcome

FLIGHT_KM = 25
"""20: kilometres from the line, own side."""
SURVEY_NOTICE_DAYS = 15
"""20: days of notice a survey flight near the line owes."""
ENTRY_NOTICE_DAYS = 30
"""20: days of notice a survey flight that enters owes."""
STRIP_M = 30
"""21(1): metres from the line, each side."""
EXEMPT_PURPOSES = frozenset({"patrol_road", "fence", "monitoring", "blocking", "gate"})
"""21(2)."""


def flown(f: Known) -> Outcome:
    """20: no entry without consent; a survey owes notice, more of it where it enters."""
    surveys = f["purpose"] == "aerial_survey"
    if f["entered"]:
        kept = f["consent"] and (not surveys or f["notice_days"] >= ENTRY_NOTICE_DAYS)
    else:
        kept = not surveys or f["distance_km"] > FLIGHT_KM or f["notice_days"] >= SURVEY_NOTICE_DAYS
    return Outcome.NO_BREACH if kept else Outcome.BREACH


def built_new(f: Known) -> Outcome:
    """21(1): new works."""
    return _in_the_strip(f) if f["change"] == "new" else Outcome.NOT_APPLICABLE


def extended(f: Known) -> Outcome:
    """21(3): existing works are not extended; their upkeep is free."""
    if f["change"] == "upkeep":
        return Outcome.NO_BREACH
    return _in_the_strip(f) if f["change"] == "extension" else Outcome.NOT_APPLICABLE


def _in_the_strip(f: Known) -> Outcome:
    if f["distance_m"] > STRIP_M or not f["permanent"]:
        return Outcome.NO_BREACH
    return Outcome.EXEMPT if f["purpose"] in EXEMPT_PURPOSES or f["agreed"] else Outcome.BREACH


_WORKS_ASKS: dict[str, Ask] = {
    "change": OneOf(("new", "extension", "upkeep")),
    "permanent": Flag(),
    "distance_m": AtMost(STRIP_M),
    "purpose": OneOf(("patrol_road", "fence", "monitoring", "blocking", "gate", "other")),
    "agreed": Flag(),
}
_WORKS_SAYS = {
    Outcome.BREACH: Label("vi phạm, không thuộc ngoại lệ Điều 21(2)", "a breach, outside the exceptions of Article 21(2)"),
    Outcome.EXEMPT: Label("thuộc ngoại lệ Điều 21(2)", "within the exceptions of Article 21(2)"),
}

RULES = (
    Rule(
        id="20.flight",
        clause="20",
        kinds=(Kind.FLIGHT,),
        title=Label("hoạt động bay", "a flight"),
        asks={
            "purpose": OneOf(("aerial_survey", "other")),
            "entered": Flag(),
            "distance_km": AtMost(FLIGHT_KM),
            "notice_days": AtLeast(SURVEY_NOTICE_DAYS, ENTRY_NOTICE_DAYS),
            "consent": Flag(),
        },
        decide=flown,
        limit="distance_km <= 25, notice_days >= 15, entered: notice_days >= 30",
    ),
    Rule(
        id="21.1.new_works",
        clause="21(1)",
        kinds=(Kind.WORKS,),
        title=Label("công trình", "works"),
        asks=_WORKS_ASKS,
        decide=built_new,
        limit="distance_m <= 30",
        tells=("structure",),
        says=_WORKS_SAYS,
    ),
    Rule(
        id="21.3.extended_works",
        clause="21(3)",
        kinds=(Kind.WORKS,),
        title=Label("công trình", "works"),
        asks=_WORKS_ASKS,
        decide=extended,
        limit="distance_m <= 30",
        tells=("structure",),
        says=_WORKS_SAYS,
    ),
)
