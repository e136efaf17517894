"""The Vietnamese names of codes. A code that no table has is its own name."""

from collections.abc import Mapping
from typing import Any

from border.gates import gates
from border.offices import offices
from border.places import Province, posts, province_name
from schemas.codebook import KIND_LABELS, OUTCOME_LABELS, SIDE_LABELS, Label

_WAYS = {"VN-CN": "Việt Nam sang Trung Quốc", "CN-VN": "Trung Quốc sang Việt Nam", "along": "dọc biên giới"}
_PROVINCES = frozenset(Province)


def side_name(side: str) -> str:
    """`Trung Quốc` of `CN`."""
    return _label(SIDE_LABELS, side)


def kind_name(kind: str) -> str:
    """`công trình` of `works`."""
    return _label(KIND_LABELS, kind)


def outcome_name(outcome: str) -> str:
    """`vi phạm Hiệp định` of `breach`."""
    return _label(OUTCOME_LABELS, outcome)


def gate_name(slug: str) -> str:
    """`Tân Thanh - Pò Chài` of `tan-thanh`."""
    return gates()[slug].label if slug in gates() else slug


def post_name(slug: str) -> str:
    """`Tân Thanh` of `tan-thanh`."""
    return posts()[slug].name if slug in posts() else slug


def office_name(slug: str) -> str:
    """`Sở Ngoại vụ Lạng Sơn` of `so-ngoai-vu-lang-son`."""
    return offices()[slug].name if slug in offices() else slug


def behind_name(behind: str) -> str:
    """As people read what stands behind a check or a change: a post, an office, a gate by its name, an event by its post; an id stays an id."""
    match behind.split(" "):
        case [source, *ids] if source.startswith("/"):
            return " ".join([_source_name(source), *ids])
        case [slug] if slug in posts():
            return f"đồn {post_name(slug)}"
    return office_name(behind) if behind in offices() else gate_name(behind)


def province_label(code: str | None) -> str | None:
    """`Lạng Sơn` of `lang-son`."""
    return province_name(Province(code)) if code in _PROVINCES else code


def way_name(direction: str) -> str:
    """`Việt Nam sang Trung Quốc` of `VN-CN`."""
    return _WAYS.get(direction, direction)


def month_name(month_id: str) -> str:
    """`10/2019` of `2019-10`."""
    return "/".join(reversed(month_id.split("-")))


def _source_name(source: str) -> str:
    """`đồn Tân Thanh (d1)` of `/posts/tan-thanh/d1`."""
    match source.split("/"):
        case ["", "posts", slug, *device]:
            name = f"đồn {post_name(slug)}"
        case ["", "offices", slug, *device]:
            name = office_name(slug)
        case _:
            return source
    return " ".join([name, *(f"({part})" for part in device)])


def _label(labels: Mapping[Any, Label], code: str) -> str:
    return labels[code].vi if code in labels else code
