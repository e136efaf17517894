"""Article 15(7): shooting and hunting with guns; item 3 of Article 39."""

from collections.abc import Mapping

from agreement.phrases import WITHIN, because, phrase
from agreement.rules.asks import AtMost, Flag, OneOf
from agreement.rules.fixture import AT_SEA, asking, breach, kept, zone
from agreement.rules.rule import Known, Rule
from agreement.rules.steps import ACCUSED, OPEN, ask
from schemas.codebook import Kind, Label, Outcome
from schemas.facts import Fact

HUNTING_M = 1_000
"""Metres from the line, each side."""


def shot(f: Known) -> Outcome:
    """15(7): no shot into the other territory, no hunting with guns near the line."""
    hunted_near = f["purpose"] == "hunting" and f["distance_m"] <= HUNTING_M
    return Outcome.BREACH if f["across"] or hunted_near else Outcome.NO_BREACH


def shot_across(kind: Kind, outcome: Outcome, facts: Mapping[str, Fact]) -> bool:
    """Item 3 is shooting across: known, or for a shooting still to be asked."""
    if outcome is Outcome.NEEDS_FACTS:
        return kind is Kind.SHOOTING and "across" not in facts
    return facts.get("across") is True


RULE = Rule(
    id="15.7.shooting",
    clause="15(7)",
    kinds=(Kind.SHOOTING, Kind.GUN_HUNTING),
    title=Label("nổ súng, săn bắn bằng súng", "shooting, hunting with guns"),
    asks={"across": Flag(), "purpose": OneOf(("hunting", "other")), "distance_m": AtMost(HUNTING_M)},
    decide=shot,
    limit="distance_m <= 1000",
    item=3,
    item_when=shot_across,
    implied={Kind.GUN_HUNTING: {"purpose": "hunting"}},
    scene=(
        phrase("săn bắn bằng súng", "hunting with guns", purpose="hunting"),
        phrase("nổ súng không nhằm săn bắn", "shooting other than to hunt", purpose="other"),
        phrase("nổ súng", "shooting", purpose=None),
        phrase(" cách đường biên giới {distance_m}", " {distance_m} from the line"),
        phrase(", đạn sang lãnh thổ bên kia", ", into the other territory", across=True),
        phrase(", đạn không sang lãnh thổ bên kia", ", not into the other territory", across=False),
    ),
    ends={
        Outcome.BREACH: (
            phrase("vi phạm", "a breach"),
            because(
                phrase("bắn sang lãnh thổ bên kia", "it was into the other territory", across=True),
                phrase(
                    "săn bắn bằng súng trong phạm vi cấm", "guns were hunted with within the limit", purpose="hunting", distance_m=WITHIN
                ),
            ),
        ),
    },
    runbook=(
        OPEN,
        Label(
            "Bảo đảm an toàn cho người dân quanh {place}; liên lạc ngay phía bên kia qua đường dây nóng, không bắn trả.",
            "See to people's safety around {place}; call the other side's hot line at once; no fire is returned.",
        ),
        ask("across", "tìm điểm chạm, vỏ đạn; xác định hướng bắn", "look for impacts and cases; establish the direction of fire"),
        ask("purpose", "hỏi người chứng kiến, xem súng săn, thú bị bắn", "ask witnesses, look for hunting guns and game"),
        ask("distance_m", "đo từ nơi bắn tới đường biên giới", "measure from where the shot was fired to the line"),
        *ACCUSED,
    ),
    fixtures=(
        breach(across=True),
        breach(across=True, purpose="other", distance_m=3000),
        breach(across=False, purpose="hunting", distance_m=500),
        breach(purpose="hunting", distance_m=500),
        breach(Kind.GUN_HUNTING, distance_m=5),
        kept(across=False, purpose="other", distance_m=500),
        kept(across=False, purpose="hunting", distance_m=1500),
        asking("across", purpose="other"),
        asking("across", "purpose", "distance_m"),
        asking("across", "distance_m", kind=Kind.GUN_HUNTING),
        *zone("distance_m", {"across": False, "purpose": "hunting"}, inside=999, at=1000, outside=1001),
        *zone("distance_m", {"across": False}, inside=999, at=1000, outside=1001, kind=Kind.GUN_HUNTING),
        AT_SEA,
    ),
)
