"""Article 16(1): works that cross the line."""

from agreement.phrases import because, phrase
from agreement.rules.asks import Flag
from agreement.rules.fixture import AT_SEA, asking, breach, exempt
from agreement.rules.rule import Known, Rule
from agreement.rules.steps import ACCUSED, OPEN, ask
from schemas.codebook import Kind, Label, Outcome


def built_across(f: Known) -> Outcome:
    """16(1): the competent bodies and the Joint Committee both agree."""
    return Outcome.EXEMPT if f["agreed_local"] and f["agreed_committee"] else Outcome.BREACH


RULE = Rule(
    id="16.1.cross_works",
    clause="16(1)",
    kinds=(Kind.CROSS_WORKS,),
    title=Label("công trình qua đường biên giới", "works crossing the line"),
    asks={"agreed_local": Flag(), "agreed_committee": Flag()},
    decide=built_across,
    mentions=("structure",),
    scene=(
        phrase("công trình", "works"),
        phrase(" {structure}", " {structure}"),
        phrase(" qua đường biên giới", " crossing the line"),
    ),
    ends={
        Outcome.BREACH: (
            phrase("vi phạm", "a breach"),
            because(
                phrase("{agreed_local}", "they were {agreed_local}", agreed_local=False),
                phrase("{agreed_committee}", "they were {agreed_committee}", agreed_committee=False),
            ),
        ),
        Outcome.EXEMPT: phrase(
            "được phép vì {agreed_local} và {agreed_committee}", "allowed because they were {agreed_local} and {agreed_committee}"
        ),
    },
    exceptions=(
        Label(
            "Điều 16(1): cơ quan có thẩm quyền hai bên và Ủy ban liên hợp cùng đồng ý",
            "Article 16(1): the competent bodies of both sides and the Joint Committee both agree",
        ),
    ),
    runbook=(
        OPEN,
        ask("agreed_local", "tra văn bản của cơ quan có thẩm quyền hai bên", "look for the document of both sides' competent bodies"),
        ask("agreed_committee", "hỏi Ủy ban biên giới quốc gia về ý kiến của Ủy ban liên hợp", "ask the national border committee"),
        Label(
            "Chưa đủ hai cấp đồng ý: đề nghị phía {side} tạm dừng công trình {facts.structure} tại {place}, chuyển hồ sơ lên Ủy ban liên hợp.",
            "Where either agreement lacks: ask side {side} to halt {facts.structure} at {place} and pass the file to the Joint Committee.",
        ),
        *ACCUSED,
    ),
    fixtures=(
        breach(agreed_local=True, agreed_committee=False, structure="cầu"),
        breach(agreed_local=False),
        breach(agreed_committee=False),
        exempt(agreed_local=True, agreed_committee=True, structure="cầu"),
        asking("agreed_committee", agreed_local=True),
        asking("agreed_local", "agreed_committee"),
        AT_SEA,
    ),
)
