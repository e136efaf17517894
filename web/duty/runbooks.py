"""Runbooks: `deploy/runbooks/NAME.md` at `/runbooks/NAME`, open to all, since whoever is woken should read at once."""

import functools
import re
from collections.abc import Mapping, Sequence
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import NamedTuple

from fastapi import APIRouter
from markdown_it import MarkdownIt
from markdown_it.token import Token
from starlette.responses import Response

import web
from web.duty.refusals import PageRefused, PageRoute
from web.duty.rendering import page

router = APIRouter(route_class=PageRoute, include_in_schema=False)

_LINK = re.compile(r"^(?:deploy/runbooks/)?([\w-]+)\.md(#.*)?$")


class Runbook(NamedTuple):
    """A runbook, rendered."""

    name: str
    title: str
    html: str
    sections: Sequence[tuple[str, str]]
    """Anchor and heading of each."""


@router.get("/runbooks")
async def index() -> Response:
    """Every runbook."""
    return page("runbooks.html", runbooks=list(runbooks().values()))


@router.get("/runbooks/{name}")
async def runbook(name: str) -> Response:
    """One of them."""
    if name not in runbooks():
        raise PageRefused(404, "Không có sổ tay này", f"có: {', '.join(runbooks())}")
    return page("runbook.html", runbook=runbooks()[name])


@functools.cache
def runbooks() -> Mapping[str, Runbook]:
    """All of them, by name."""
    files = sorted((file for file in _folder().iterdir() if file.name.endswith(".md")), key=lambda file: file.name)
    return {name: _rendered(name, file.read_text(encoding="utf-8")) for file in files if (name := file.name.removesuffix(".md"))}


def _folder() -> Traversable:
    """The wheel ships them in this room; a checkout has them where those who deploy look."""
    shipped = resources.files("web").joinpath("runbooks")
    return shipped if shipped.is_dir() else Path(web.__path__[0]).parent / "deploy" / "runbooks"


def _rendered(name: str, text: str) -> Runbook:
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = markdown.parse(text)
    title, sections = name, []
    for opening, inline, closing in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if opening.type == "heading_open":
            anchor = _anchor(opening, inline)
            if opening.tag == "h1":
                title = inline.content
            else:
                sections.append((anchor, inline.content))
        elif opening.type == "th_open" and not inline.content:
            opening.tag = closing.tag = "td"  # a corner heads nothing
        _lead_to_pages(inline)
    return Runbook(name, title, markdown.renderer.render(tokens, markdown.options, {}), sections)


def _anchor(heading: Token, inline: Token) -> str:
    """Give a heading the anchor that GitHub gives it (`reportsnotrun`), and one that is an alert's name that name too (`ReportsNotRun`)."""
    words = inline.content
    anchor = re.sub(r"[^\w\- ]", "", words.lower()).replace(" ", "-")
    heading.attrSet("id", anchor)
    if words.isidentifier() and words != anchor and inline.children is not None:
        inline.children.insert(0, Token("html_inline", "", 0, content=f'<a id="{words}"></a>'))
    return anchor


def _lead_to_pages(inline: Token) -> None:
    """Let links between the files lead from page to page."""
    for child in inline.children or ():
        href = child.attrGet("href") if child.type == "link_open" else None
        if isinstance(href, str) and (match := _LINK.match(href)):
            child.attrSet("href", f"/runbooks/{match[1]}{match[2] or ''}")
