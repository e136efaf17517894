"""A report as Markdown: the same document as text. Charts are the tables they are drawn from."""

from collections.abc import Iterable, Iterator

from reports.documents.paper import KIND, MOTTO, RECIPIENTS, Align, Layout, Section, Table

_RULES = {Align.LEFT: "---", Align.CENTER: ":---:", Align.RIGHT: "---:"}
_MEANT = str.maketrans({"|": "\\|", "\n": "<br>", "<": "&lt;", "*": "\\*", "`": "\\`"})


def markdown(layout: Layout) -> bytes:
    """UTF-8, lines ended by a newline."""
    return ("\n\n".join(_parts(layout)) + "\n").encode()


def _parts(layout: Layout) -> Iterator[str]:
    head, (country, motto) = layout.head, MOTTO
    yield f"{head.superior}  \n**{head.office}**  \n{head.number}"
    yield f"**{country}**  \n**{motto}**  \n*{head.place_and_date}*"
    yield f"# {KIND}"
    yield f"**{_meant(layout.subject)}**"
    yield _grid(("Số liệu", ""), (Align.LEFT, Align.LEFT), layout.face)
    yield _meant(layout.intro)
    for section in layout.sections:
        yield f"## {section.number}. {section.heading}"
        yield from _blocks(section)
    yield _meant(layout.closing)
    yield "\n".join((f"**{RECIPIENTS}**", "", *(f"- {one}" for one in head.recipients)))
    yield f"**{head.signer}**"
    for annex in layout.annexes:
        yield f"## {annex.number}: {annex.heading}"
        yield f"*{layout.attached}*"
        yield from _blocks(annex)


def _blocks(section: Section) -> Iterator[str]:
    position = 0
    for block in section.blocks:
        if block.heading is not None:
            position += 1
            yield f"### {position}. {block.heading}"
        yield from map(_meant, block.paragraphs)
        for table in block.tables:
            yield from _table(table)


def _table(table: Table) -> Iterator[str]:
    yield f"**{_meant(table.title)}**"
    columns = table.columns
    rows = [[cell.text for cell in row] for row in table.rows]
    yield _grid([column.title for column in columns], [column.align for column in columns], rows)
    yield from (f"*{_meant(note)}*" for note in table.notes)


def _grid(titles: Iterable[str], aligned: Iterable[Align], rows: Iterable[Iterable[str]]) -> str:
    lines = [_line(titles), "| " + " | ".join(_RULES[align] for align in aligned) + " |"]
    return "\n".join([*lines, *(_line(row) for row in rows)])


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(_meant(cell) for cell in cells) + " |"


def _meant(text: str) -> str:
    """As it reads, whatever signs of Markdown are in it."""
    return text.translate(_MEANT)
