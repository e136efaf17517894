"""Article 39: what its rules share: events for the border representatives that break no clause of a side."""

from collections.abc import Mapping

from agreement.phrases import Wording, phrase
from agreement.rules.asks import Ask
from agreement.rules.fixture import Fixture
from agreement.rules.rule import NOTHING, Decide, Known, Rule
from agreement.rules.steps import MATTER, OPEN
from schemas.codebook import ARTICLE39, Kind, Label, Outcome


def border_event(f: Known) -> Outcome:  # noqa: ARG001  # the shape of `Rule.decide`
    """An item of Article 39 as it stands."""
    return Outcome.BORDER_EVENT


def spread(f: Known) -> Outcome:
    """Items 11 and 13: what stayed on its own side is no event."""
    return Outcome.BORDER_EVENT if f["spread_across"] else Outcome.NO_BREACH


STAYED: dict[Outcome, Wording] = {
    Outcome.NO_BREACH: phrase("chưa phải sự kiện biên giới theo Điều 39", "not a border event under Article 39"),
}


def item_rule(
    kind: Kind,
    title: Label,
    *,
    runbook: tuple[Label, ...],
    fixtures: tuple[Fixture, ...],
    asks: Mapping[str, Ask] | None = None,
    decide: Decide = border_event,
    mentions: tuple[str, ...] = (),
    scene: Wording | None = None,
    ends: Mapping[Outcome, Wording] | None = None,
    exceptions: tuple[Label, ...] = (),
) -> Rule:
    """The rule of one item: by the decisive fact where it asks for one, else a border event as it stands."""
    item = ARTICLE39[kind]
    return Rule(
        id=f"39.{item}.{kind}",
        clause=None,
        kinds=(kind,),
        title=title,
        asks=asks or {},
        decide=decide,
        item=item,
        decisive=next(iter(asks or {}), None),
        by_nature=NOTHING,
        mentions=mentions,
        scene=scene,
        ends=ends or {},
        exceptions=exceptions,
        runbook=(OPEN, *runbook, *MATTER),
        fixtures=fixtures,
    )
