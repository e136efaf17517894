"""Article 10: fishing in border waters."""

from agreement.phrases import because, phrase
from agreement.rules.asks import Flag, OneOf
from agreement.rules.fixture import AT_SEA, asking, breach, exempt, kept
from agreement.rules.rule import Known, Rule
from agreement.rules.steps import ACCUSED, OPEN, ask
from schemas.codebook import Kind, Label, Outcome

FORBIDDEN_METHODS = frozenset({"explosive", "poison", "electric"})


def fished(f: Known) -> Outcome:
    """10: own waters only, no explosives, poison or electricity, nothing closed except for science."""
    if not f["own_waters"] or f["method"] != "normal":
        return Outcome.BREACH
    if f["closed"]:
        return Outcome.EXEMPT if f["science"] else Outcome.BREACH
    return Outcome.NO_BREACH


RULE = Rule(
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
    scene=(
        phrase("đánh bắt cá", "fishing"),
        phrase(" {method}", " {method}"),
        phrase(" ở ", " in "),
        phrase("vùng nước của mình", "own waters", own_waters=True),
        phrase("vùng nước biên giới", "border waters", own_waters=False),
        phrase("vùng nước biên giới", "border waters", own_waters=None),
        phrase(", trong khu vực hoặc mùa cấm", ", in a closed area or season", closed=True),
    ),
    ends={
        Outcome.BREACH: (
            phrase("vi phạm", "a breach"),
            because(
                phrase("đánh bắt ngoài vùng nước của mình", "it was outside own waters", own_waters=False),
                phrase("dùng cách đánh bắt bị cấm", "the method is forbidden", method=FORBIDDEN_METHODS),
                phrase("không phải nghiên cứu khoa học", "it was not for science", closed=True, science=False),
            ),
        ),
        Outcome.EXEMPT: phrase("thuộc ngoại lệ của Điều 10", "within the exception of Article 10"),
        Outcome.NO_BREACH: (
            phrase("không vi phạm", "no breach"),
            phrase(", không phải khu vực hoặc mùa cấm", ", the area and season are open", closed=False),
        ),
    },
    exceptions=(
        Label("Điều 10: nghiên cứu khoa học, chỉ đối với khu vực hoặc mùa cấm", "Article 10: science, only as to a closed area or season"),
    ),
    runbook=(
        OPEN,
        ask("method", "kiểm tra kích điện, thuốc nổ, chất độc trên phương tiện", "look for electric gear, explosives or poison on board"),
        ask("own_waters", "xác định vị trí so với đường biên giới trên sông, suối", "fix the position against the line in the water"),
        ask("closed", "hỏi cơ quan thủy sản về khu vực, mùa cấm", "ask the fishery service about closed areas and seasons"),
        ask("science", "xem giấy phép nghiên cứu, cơ quan chủ trì", "look at the research permit and who leads it"),
        *ACCUSED,
    ),
    fixtures=(
        breach(own_waters=False, method="normal", closed=False, science=False),
        breach(own_waters=True, method="electric", closed=False, science=False),
        breach(own_waters=True, method="explosive", closed=False, science=True),
        breach(own_waters=True, method="poison"),
        breach(own_waters=True, method="normal", closed=True, science=False),
        breach(own_waters=False),
        exempt(own_waters=True, method="normal", closed=True, science=True),
        kept(own_waters=True, method="normal", closed=False, science=False),
        asking("own_waters", "method", closed=True, science=True),
        asking("closed", "science", own_waters=True, method="normal"),
        AT_SEA,
    ),
)
