"""Article 14: production across the line; item 7 of Article 39."""

from agreement.phrases import phrase
from agreement.rules.asks import Flag
from agreement.rules.fixture import AT_SEA, border_event, breach, kept
from agreement.rules.rule import Known, Rule
from agreement.rules.steps import ACCUSED, OPEN, ask
from schemas.codebook import Kind, Label, Outcome


def produced_across(f: Known) -> Outcome:
    """14: nobody crosses to bury, fell, graze, cultivate, hunt, mine or gather."""
    return Outcome.BREACH if f["crossed"] else Outcome.NO_BREACH


RULE = Rule(
    id="14.cross_production",
    clause="14",
    kinds=(Kind.CROSS_PRODUCTION,),
    title=Label("sản xuất qua đường biên giới", "production across the line"),
    asks={"crossed": Flag()},
    decide=produced_across,
    item=7,
    decisive="crossed",
    mentions=("activity",),
    scene=(
        phrase("{activity}", "{activity}"),
        phrase("hoạt động sản xuất", "production", activity=None),
        phrase(" ", " "),
        phrase("ở phía bên kia đường biên giới", "across the line", crossed=True),
        phrase("chưa vượt qua đường biên giới", "that did not cross the line", crossed=False),
        phrase("sát đường biên giới", "at the line", crossed=None),
    ),
    ends={
        Outcome.BREACH: phrase(
            "vi phạm quy định không vượt qua đường biên giới để sản xuất", "a breach of the rule that nobody crosses the line to produce"
        ),
    },
    runbook=(
        OPEN,
        ask("crossed", "đo vị trí bằng GPS so với đường biên giới tại {place}", "fix the position by GPS against the line at {place}"),
        Label(
            "Yêu cầu người canh tác, chăn thả, khai thác ({facts.activity}) quay về; ghi diện tích, số gia súc vào {measures}.",
            "Have those who farm, graze or gather ({facts.activity}) go back; area and livestock go into {measures}.",
        ),
        *ACCUSED,
    ),
    fixtures=(
        breach(crossed=True, activity="cultivation"),
        breach(crossed=True),
        border_event("crossed", activity="grazing"),
        border_event("crossed"),
        kept(crossed=False, activity="felling"),
        AT_SEA,
    ),
)
