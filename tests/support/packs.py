"""Rule packs that only tests know, made from the program's own rules."""

from dataclasses import replace

from agreement.packs import IN_FORCE, Pack, pack
from agreement.rules.asks import AtMost
from agreement.rules.rule import Known, Rule
from agreement.rules.table import RULES
from schemas.codebook import Outcome


def changed(pack_id: str, *rules: Rule, shadow: frozenset[str] = frozenset()) -> Pack:
    """A pack of these rules, in force as long as the Agreement."""
    return pack(pack_id, valid_from=IN_FORCE, valid_to=None, rules=rules, shadow=shadow)


def laxer(*without: str) -> Pack:
    """The program's rules but for some."""
    return changed("laxer", *(rule for rule in RULES if rule.id not in without))


def _wider(rule: Rule) -> Rule:
    """New works are judged by a strip of 50 m."""

    def decide(f: Known) -> Outcome:
        within = {**f, "distance_m": min(f["distance_m"], 30.0)} if f["distance_m"] <= 50 else f
        return rule.decide(within)

    return replace(rule, id="21.1.wider", asks={**rule.asks, "distance_m": AtMost(50)}, limit="distance_m <= 50", decide=decide)


WIDER = changed("2099.1", *(_wider(rule) if rule.id == "21.1.new_works" else rule for rule in RULES))
"""The program's rules, with 21(1) at 50 m."""
