"""Finds the province whose report a document is: from its letterhead, its place and date, its title or its sender.

The post that reports an incident is `texts.sentence.post`.
"""

import re
from collections import Counter
from collections.abc import Iterator

from border.provinces import Province, provinces
from texts.report.paragraphs import Prose

_OURS = 2 / 3
"""The share of all mentions of provinces that its own must have, where no sign gives it."""
_SMALLER = re.compile(
    r"(?:(?:UBND|(?:ủy|uỷ)\s+ban\s+nhân\s+dân|công\s+an|BCH\s+quân\s+sự|ban\s+chỉ\s+huy\s+quân\s+sự)\s+(?:huyện|xã|phường|thị\s+trấn|thị\s+xã|thành\s+phố)"
    r"|(?:đồn|trạm)\s+biên\s+phòng|huyện\s+ủy)(?!\w)",
    re.IGNORECASE,
)
_LETTERHEAD_LENGTH = 70


def unit_of(prose: Prose) -> str:
    """The province's code; empty where the document does not show it, or is that of a district, a commune or a post."""
    if any(_SMALLER.match(text) and len(text) < _LETTERHEAD_LENGTH and not text.endswith(".") for text in prose.title):
        return ""
    names = {row.name: province for province, row in provinces().items()}
    any_name = "|".join(re.escape(name) for name in names)
    by_folded_name = {name.casefold(): province for name, province in names.items()}
    signs = (
        rf"^({any_name})\s*,\s*ngày\s",
        rf"(?:UBND|ủy ban nhân dân|uỷ ban nhân dân)\s+tỉnh\s+({any_name})(?!\w)",
        rf"(?<!các )(?:sở ngoại vụ|tỉnh)\s+(?:tỉnh\s+)?({any_name})(?!\w)(?!\s*(?:,|và)\s*(?:{any_name}))",
    )
    for sign in signs:
        provinces_of_sign = {by_folded_name[name.casefold()] for text in prose.title for name in re.findall(sign, text, re.IGNORECASE)}
        if len(provinces_of_sign) == 1:
            return provinces_of_sign.pop().value
    mentioned = Counter(_named(prose.text, any_name, by_folded_name))
    if not mentioned:
        return ""
    province, times = mentioned.most_common(1)[0]
    return province.value if times >= _OURS * mentioned.total() else ""


def _named(text: str, any_name: str, by_folded_name: dict[str, Province]) -> Iterator[Province]:
    for match in re.finditer(rf"(?<!\w)({any_name})(?!\w)", text, re.IGNORECASE):
        yield by_folded_name[match[1].casefold()]
