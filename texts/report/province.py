"""Whose report it is: the province of its letterhead, its place and date, its title or its sender."""

import re
from collections import Counter
from collections.abc import Iterator

from border.provinces import Province, provinces
from texts.report.prose import Prose

_OURS = 2 / 3
"""Share of all provinces a text names that its own must have, where nothing else tells."""


def unit_of(prose: Prose) -> str:
    """The province's code; empty where it cannot be told."""
    names = {row.name: province for province, row in provinces().items()}
    any_name = "|".join(re.escape(name) for name in names)
    known = {name.casefold(): province for name, province in names.items()}
    signs = (
        rf"^({any_name})\s*,\s*ngày\s",
        rf"(?:UBND|ủy ban nhân dân|uỷ ban nhân dân)\s+tỉnh\s+({any_name})(?!\w)",
        rf"(?<!các )(?:sở ngoại vụ|tỉnh)\s+(?:tỉnh\s+)?({any_name})(?!\w)(?!\s*(?:,|và)\s*(?:{any_name}))",
    )
    for sign in signs:
        found = {known[name.casefold()] for text in prose.title for name in re.findall(sign, text, re.IGNORECASE)}
        if len(found) == 1:
            return found.pop().value
    said = Counter(_named(prose.text, any_name, known))
    if not said:
        return ""
    province, times = said.most_common(1)[0]
    return province.value if times >= _OURS * said.total() else ""


def _named(text: str, any_name: str, known: dict[str, Province]) -> Iterator[Province]:
    for found in re.finditer(rf"(?<!\w)({any_name})(?!\w)", text, re.IGNORECASE):
        yield known[found[1].casefold()]
