"""Article 12(1): vessels of third countries on border rivers."""

from agreement.phrases import phrase
from agreement.rules.asks import Flag, OneOf
from agreement.rules.fixture import AT_SEA, asking, breach, exempt, kept
from agreement.rules.rule import Known, Rule
from agreement.rules.steps import ACCUSED, OPEN, ask
from schemas.codebook import Kind, Label, Outcome


def vessel_entered(f: Known) -> Outcome:
    """12(1): vessels of third countries stay out unless agreed."""
    if f["flag"] != "third":
        return Outcome.NO_BREACH
    return Outcome.EXEMPT if f["agreed"] else Outcome.BREACH


RULE = Rule(
    id="12.1.third_vessel",
    clause="12(1)",
    kinds=(Kind.VESSEL,),
    title=Label("tàu thuyền trên sông biên giới", "a vessel on border waters"),
    asks={"flag": OneOf(("VN", "CN", "third")), "agreed": Flag()},
    decide=vessel_entered,
    scene=(
        phrase("{flag}", "{flag}"),
        phrase("tàu thuyền chưa rõ nước nào", "a vessel of unknown flag", flag=None),
        phrase(" hoạt động trên sông biên giới", " on a border river"),
    ),
    ends={
        Outcome.BREACH: phrase("vi phạm vì {agreed}", "a breach because it was {agreed}"),
        Outcome.EXEMPT: phrase("được phép vì {agreed}", "allowed because it was {agreed}"),
        Outcome.NO_BREACH: phrase(
            "không vi phạm vì không phải tàu thuyền nước thứ ba", "no breach because it is no vessel of a third country"
        ),
    },
    exceptions=(
        Label("Điều 12(1): tàu thuyền nước thứ ba được hai bên thỏa thuận", "Article 12(1): a third-country vessel both sides agreed to"),
        Label(
            "Điều 12(4): tàu thuyền gặp nạn được neo đậu, phải báo ngay: ghi bằng kết luận của cán bộ",
            "Article 12(4): a vessel in distress may moor and reports at once: an officer's assessment records it",
        ),
    ),
    runbook=(
        OPEN,
        ask(
            "flag",
            "xem cờ, số hiệu, giấy tờ của tàu (không ghi tên người)",
            "read flag, number and papers of the vessel (no person's name)",
        ),
        ask("agreed", "hỏi Sở Ngoại vụ về thỏa thuận cho tàu nước thứ ba", "ask the department of foreign affairs about an agreement"),
        Label(
            "Tàu gặp nạn: cho neo đậu, báo ngay cơ quan có thẩm quyền hai bên (Điều 12(4)), ghi vào {text}.",
            "In distress: let it moor, tell the competent bodies of both sides at once (Article 12(4)), say so in {text}.",
        ),
        *ACCUSED,
    ),
    fixtures=(
        breach(flag="third", agreed=False),
        exempt(flag="third", agreed=True),
        exempt(agreed=True),
        kept(flag="CN"),
        kept(flag="VN", agreed=False),
        asking("agreed", flag="third"),
        asking("flag", agreed=False),
        asking("flag", "agreed"),
        AT_SEA,
    ),
)
