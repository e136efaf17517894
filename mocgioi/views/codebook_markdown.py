"""The codebook as Markdown: Vietnamese first, one section a kind."""

from collections.abc import Iterable, Iterator, Sequence

from mocgioi.views.codebook import CHAPTERS, INTRO, SETS, TITLE, Codebook, Example, KindSection, capital, form, legal, values
from schemas.codebook import Label
from schemas.codebook_entries import FactOfKind


def markdown(book: Codebook) -> str:
    """The whole page."""
    return "\n".join(_page(book)) + "\n"


def _page(book: Codebook) -> Iterator[str]:
    yield f"# {TITLE.vi}"
    yield f"\n*{TITLE.en} · {TITLE.zh}*"
    yield f"\n{INTRO.vi}"
    yield f"\n*{INTRO.en}*"
    yield "\n<!-- Viết bởi `mocgioi codebook`: sửa schemas/data/kinds.toml, facts.toml, codes.toml rồi chạy `make schemas`. -->"
    yield "\n## Mục lục"
    for chapter, sections in book.chapters.items():
        yield f"\n**{CHAPTERS[chapter].vi}** · {CHAPTERS[chapter].en}\n"
        for section in sections:
            entry = section.entry
            yield f"{f'{entry.article39}.' if entry.article39 else '-'} [{capital(entry.label.vi)}](#{entry.kind}) · `{entry.kind}`"
    yield "\n**Các bảng mã khác** · Other sets\n"
    for name in book.sets:
        yield f"- [{SETS[name].vi}](#set-{name}) · `{name}`"
    for chapter, sections in book.chapters.items():
        yield f"\n## {_three(CHAPTERS[chapter])}"
        for section in sections:
            yield from _section(section)
    yield "\n## Các bảng mã khác · Other sets"
    for name, codes in book.sets.items():
        yield f'\n<a id="set-{name}"></a>\n\n### {_three(SETS[name])}\n'
        yield from _table(
            ("Mã", "Tiếng Việt", "English", "中文", "Nghĩa"),
            ((f"`{code.code}`", *code.label, f"{code.meaning} *{code.meaning_en}*") for code in codes),
        )


def _section(section: KindSection) -> Iterator[str]:
    entry = section.entry
    law = legal(entry)
    yield f'\n<a id="{entry.kind}"></a>\n\n### {capital(entry.label.vi)} · `{entry.kind}`'
    yield f"\n*{capital(entry.label.en)} · {entry.label.zh}*"
    if law.vi:
        yield f"\n**Hiệp định:** {law.vi}"
    yield f"\n**Định nghĩa.** {entry.definition} *{entry.definition_en}*"
    yield f"\n**Thế nào là một vụ.** {entry.case} *{entry.case_en}*"
    if entry.facts:
        yield "\n**Dữ kiện**\n"
        yield from _table(("Tên", "Là gì", "Giá trị"), (_fact(fact) for fact in entry.facts))
    yield from _examples("Thuộc mã này", section.inside)
    yield from _examples("Không thuộc mã này", section.outside)


def _fact(fact: FactOfKind) -> tuple[str, str, str]:
    entry = fact.entry
    labels = "<br>".join(f"`{value}` {_three(entry.values[value])}" for value in values(fact))
    return f"`{entry.name}`", f"{_three(entry.label)}<br>{entry.definition}", labels or form(fact)


def _examples(title: str, examples: Sequence[Example]) -> Iterator[str]:
    if examples:
        yield f"\n**{title}**\n"
    for example in examples:
        source = f" ([{example.case}]({example.address}))" if example.address else f" ({example.case})" if example.case else ""
        yield f"- {example.text}{source}" + (f" → {example.why}." if example.why else "")


def _three(label: Label) -> str:
    return " · ".join(label)


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(columns)} |"
    yield f"|{' --- |' * len(columns)}"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |"
