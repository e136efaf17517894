"""Article 10: fishing in border waters."""

from agreement.rules.asks import Flag, OneOf
from agreement.rules.fixture import AT_SEA, asking, breach, exempt, kept
from agreement.rules.rule import Known, Rule
from agreement.rules.steps import ACCUSED, OPEN, ask
from schemas.codebook import Kind, Label, Outcome


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
    scene=Label(
        "đánh bắt cá[ {method}] ở [own_waters=true?vùng nước của mình][own_waters=false?vùng nước biên giới][!own_waters?vùng nước biên giới]"
        "[closed=true?, trong khu vực hoặc mùa cấm]",
        "fishing[ {method}] in [own_waters=true?own waters][own_waters=false?border waters][!own_waters?border waters]"
        "[closed=true?, in a closed area or season]",
    ),
    ends={
        Outcome.BREACH: Label(
            "vi phạm<[own_waters=false?đánh bắt ngoài vùng nước của mình]|[method!=normal?dùng cách đánh bắt bị cấm]"
            "|[closed=true&science=false?không phải nghiên cứu khoa học]>",
            "a breach<[own_waters=false?it was outside own waters]|[method!=normal?the method is forbidden]"
            "|[closed=true&science=false?it was not for science]>",
        ),
        Outcome.EXEMPT: Label("thuộc ngoại lệ của Điều 10", "within the exception of Article 10"),
        Outcome.NO_BREACH: Label(
            "không vi phạm[closed=false?, không phải khu vực hoặc mùa cấm]", "no breach[closed=false?, the area and season are open]"
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
