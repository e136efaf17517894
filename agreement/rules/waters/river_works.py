"""Article 11(1): works that change border waters."""

from agreement.phrases import phrase
from agreement.rules.asks import Flag
from agreement.rules.fixture import AT_SEA, asking, breach, exempt, kept
from agreement.rules.rule import Known, Rule
from agreement.rules.steps import ACCUSED, OPEN, ask
from schemas.codebook import Kind, Label, Outcome


def waters_changed(f: Known) -> Outcome:
    """11(1): no side changes the terrain of border waters alone."""
    if not f["changes_course"]:
        return Outcome.NO_BREACH
    return Outcome.EXEMPT if f["agreed"] else Outcome.BREACH


RULE = Rule(
    id="11.1.river_works",
    clause="11(1)",
    kinds=(Kind.RIVER_WORKS,),
    title=Label("công trình trên sông, suối biên giới", "works on border waters"),
    asks={"changes_course": Flag(), "agreed": Flag()},
    decide=waters_changed,
    item=2,
    mentions=("structure",),
    scene=(
        phrase("công trình", "works"),
        phrase(" {structure}", " {structure}"),
        phrase(" trên sông, suối biên giới", " on border waters"),
        phrase(" {changes_course}", " that {changes_course}"),
    ),
    ends={
        Outcome.BREACH: phrase("vi phạm vì {agreed}", "a breach because they were {agreed}"),
        Outcome.EXEMPT: phrase("được phép vì {agreed}", "allowed because they were {agreed}"),
    },
    exceptions=(Label("Điều 11(1): thay đổi hai bên đã thỏa thuận", "Article 11(1): changes the two sides agreed"),),
    runbook=(
        OPEN,
        ask(
            "changes_course",
            "đo dòng chảy, bờ trước và sau công trình {facts.structure}",
            "measure course and bank before and after the works",
        ),
        ask("agreed", "tra biên bản hội đàm, hồ sơ trình phê duyệt kè", "look for minutes of talks and files of approved embankments"),
        Label(
            "Báo Sở Ngoại vụ về {place}; đề nghị hai bên khảo sát song phương trước khi thi công tiếp.",
            "Tell the department of foreign affairs of {place}; propose a joint survey before the work goes on.",
        ),
        *ACCUSED,
    ),
    fixtures=(
        breach(changes_course=True, agreed=False, structure="kè đá"),
        exempt(changes_course=True, agreed=True, structure="kè chống sạt lở"),
        exempt(agreed=True),
        kept(changes_course=False),
        kept(changes_course=False, agreed=False),
        asking("changes_course", agreed=False),
        asking("agreed", changes_course=True),
        asking("changes_course", "agreed"),
        AT_SEA,
    ),
)
