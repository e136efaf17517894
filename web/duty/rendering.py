"""Pages from templates, with the words that stand for codes."""

import functools
from collections.abc import Mapping
from datetime import datetime
from importlib import resources
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response

from agreement.occurred import occurred_at, occurred_words
from border.offices import offices
from border.places import Province, gates, posts, province_name
from border.vietnam import HANOI
from schemas.codebook import KIND_LABELS, OUTCOME_LABELS, SIDE_LABELS, Kind, Outcome, Side
from schemas.codebook_entries import codes
from web.duty.strip import Weight

ATTENTION = {"flash": "Khẩn", "breach": "Vi phạm", "needs_facts": "Thiếu dữ kiện"}
WEIGHTS = {Weight.FLASH: "khẩn", Weight.BREACH: "vi phạm", Weight.NEEDS_FACTS: "thiếu dữ kiện", Weight.OTHER: "khác"}
NOTIFIED = {"posted": "đã chuyển tới", "failed": "không chuyển được tới", "firing": "đã báo cho", "resolved": "báo hết cho"}
_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}


def page(template: str, *, status: int = 200, **values: Any) -> Response:
    """A page from a template."""
    return HTMLResponse(_environment().get_template(template).render(values), status)


@functools.cache
def static_files() -> Mapping[str, tuple[bytes, str]]:
    """The styles and scripts of the pages, each with its media type, by name."""
    folder = resources.files("web.duty").joinpath("static")
    return {file.name: (file.read_bytes(), _TYPES[file.name[file.name.rindex(".") :]]) for file in folder.iterdir()}


@functools.cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("web.duty"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    words = {name.upper(): {entry.code: entry.label.vi for entry in codes()[name]} for name in ("status", "measure", "action")}
    environment.globals |= {"ATTENTION": ATTENTION, "WEIGHTS": WEIGHTS, "NOTIFIED": NOTIFIED} | words
    environment.filters |= {
        "kind": lambda code: KIND_LABELS[Kind(code)].vi if code else "chưa rõ việc",
        "side": lambda code: SIDE_LABELS[Side(code)].vi if code else "chưa rõ",
        "outcome": lambda code: OUTCOME_LABELS[Outcome(code)].vi,
        "province": lambda code: province_name(Province(code)) if code else "",
        "gate": lambda slug: gates()[slug].label if slug in gates() else slug,
        "occurred": occurred_words,
        "occurred_at": occurred_at,
        "clock": lambda moment: f"{moment.astimezone(HANOI):%H:%M}",
        "moment": _moment,
        "unit": unit_name,
        "first_upper": lambda text: text[:1].upper() + text[1:],
    }
    return environment


def unit_name(source: str) -> str:
    """A post or an office by the register's name, with its device: `Tân Thanh, máy d1`."""
    _, family, slug, *device = source.split("/")
    row = posts().get(slug) if family == "posts" else offices().get(slug)
    if row is None:
        return source
    return f"{row.name}, máy {device[0]}" if device else row.name


def _moment(value: str | datetime | None) -> str:
    """`02:31 27/11/2026`, in Vietnam's time."""
    if value is None:
        return ""
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return f"{moment.astimezone(HANOI):%H:%M %d/%m/%Y}"
