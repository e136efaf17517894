"""A report as Markdown: the same document as text. Charts are the tables they are drawn from."""

from collections.abc import Iterable, Iterator

from reports.documents.document_model import DRAFT, KIND, MOTTO, RECIPIENTS, Align, Chapter, Layout, Table
from reports.markdown_text import escaped

_RULES = {Align.LEFT: "---", Align.CENTER: ":---:", Align.RIGHT: "---:"}


def markdown(layout: Layout) -> bytes:
    """UTF-8, lines ended by a newline."""
    return ("\n\n".join(_parts(layout)) + "\n").encode()


def _parts(layout: Layout) -> Iterator[str]:
    head, (country, motto) = layout.head, MOTTO
    yield f"{escaped(head.superior)}  \n**{escaped(head.office)}**  \n{escaped(head.number)}"
    if layout.is_draft:
        yield f"**{DRAFT}**"
    yield f"**{country}**  \n**{motto}**  \n*{escaped(head.place_and_date)}*"
    yield f"# {KIND}"
    yield f"**{escaped(layout.subject)}**"
    yield from map(escaped, layout.preface)
    for chapter in layout.chapters:
        yield f"## {chapter.number}. {escaped(chapter.heading)}"
        yield from _blocks(chapter)
    yield escaped(layout.closing)
    yield "\n".join((f"**{RECIPIENTS}**", "", *(f"- {escaped(recipient)}" for recipient in head.recipients)))
    yield "  \n".join(f"**{escaped(line)}**" for line in filter(None, (*head.signer.split("\n"), head.signed_by)))
    for annex in layout.annexes:
        yield f"## {annex.number}: {escaped(annex.heading)}"
        yield f"*{escaped(layout.attached)}*"
        yield from _blocks(annex)


def _blocks(chapter: Chapter) -> Iterator[str]:
    position = 0
    for block in chapter.blocks:
        if block.heading is not None:
            position += 1
            yield f"### {position}. {escaped(block.heading)}"
        yield from map(escaped, block.paragraphs)
        for table in block.tables:
            yield from _table(table)


def _table(table: Table) -> Iterator[str]:
    yield f"**{escaped(table.title)}**"
    columns = table.columns
    rows = [[cell.text for cell in row] for row in table.rows]
    yield _grid([column.title for column in columns], [column.align for column in columns], rows)
    yield from (f"*{escaped(note)}*" for note in table.notes)


def _grid(titles: Iterable[str], aligned: Iterable[Align], rows: Iterable[Iterable[str]]) -> str:
    lines = [_line(titles), "| " + " | ".join(_RULES[align] for align in aligned) + " |"]
    return "\n".join([*lines, *(_line(row) for row in rows)])


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(escaped(cell, starts=False) for cell in cells) + " |"
