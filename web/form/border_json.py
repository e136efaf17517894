"""What the page knows of the line: provinces, stretches, gates and posts, so that it reads a marker with the line cut."""

import functools
from collections.abc import Sequence

import orjson

from border.markers import Item, Position
from border.places import gates, marker_ranges, posts, provinces

_Span = Sequence[Position]


@functools.cache
def border_json() -> bytes:
    """The register as the page reads it. A position is `[main, aux or 0, metres or 0]`, a date beyond which a row does not hold `until`."""
    return orjson.dumps(
        {
            "provinces": {
                province.value: {"name": row.name, "until": row.valid_to, "successor": row.successor}
                for province, row in provinces().items()
            },
            "stretches": [
                {
                    "province": stretch.province,
                    "first": stretch.first,
                    "last": stretch.last,
                    "from": stretch.valid.valid_from,
                    "until": stretch.valid.valid_to,
                }
                for stretch in marker_ranges()
            ],
            "gates": {
                gate.slug: {"label": gate.label, "province": gate.province, "markers": _spans(gate.markers)}
                for gate in sorted(gates().values(), key=lambda gate: gate.label)
            },
            "posts": {post.slug: {"name": post.name, "province": post.province} for post in posts().values()},
        }
    )


def _spans(items: Sequence[Item]) -> list[_Span]:
    return [item.span for item in items]
