"""The codebook as one HTML page that needs nothing else: contents at the side, one card a kind."""

from collections.abc import Iterator, Sequence
from html import escape

from mocgioi.views.codebook import CHAPTERS, INTRO, SETS, TITLE, Codebook, Example, Section, capital, form, legal
from schemas.codebook import Label
from schemas.codebook_entries import CodeEntry, FactOfKind

_STYLE = """
:root { --ink: #1d2429; --soft: #5a6770; --line: #d9dfe3; --paper: #fff; --back: #f4f6f7; --accent: #8a1c1c; --code: #eef2f4; }
* { box-sizing: border-box; }
body { margin: 0; background: var(--back); color: var(--ink);
  font: 16px/1.55 "Liberation Sans", "Noto Sans", "Noto Sans CJK SC", "Droid Sans Fallback", Arial, sans-serif; }
main { max-width: 62rem; padding: 2rem 2.5rem 5rem; margin-left: 20rem; }
nav { position: fixed; inset: 0 auto 0 0; width: 20rem; overflow: auto; padding: 1.5rem; background: var(--paper); border-right: 1px solid var(--line);
  font-size: .875rem; line-height: 1.4; }
nav h2 { margin: 1.2rem 0 .4rem; font-size: .8rem; color: var(--accent); }
nav ol, nav ul { margin: 0; padding-left: 1.6rem; }
nav ul { list-style: none; padding-left: 0; }
nav li { padding: .12rem 0; }
a { color: inherit; text-decoration-color: var(--line); text-underline-offset: .2em; }
a:hover { color: var(--accent); }
h1 { margin: 0; font-size: 1.9rem; line-height: 1.2; }
main > h2 { margin: 3rem 0 1rem; padding-bottom: .3rem; border-bottom: 2px solid var(--accent); font-size: 1.35rem; }
section { margin: 0 0 1.25rem; padding: 1.25rem 1.5rem; background: var(--paper); border: 1px solid var(--line); border-radius: 6px;
  scroll-margin-top: 1rem; }
section h3 { margin: 0; font-size: 1.15rem; }
section h4 { margin: 1rem 0 .3rem; font-size: .95rem; }
.other, .law { color: var(--soft); }
.other { font-size: .9rem; }
p { margin: .35rem 0; }
.law { font-size: .9rem; }
code { padding: .05rem .3rem; background: var(--code); border-radius: 3px; white-space: nowrap; font: .87em "Liberation Mono", monospace; }
table { width: 100%; border-collapse: collapse; font-size: .92rem; }
th { text-align: left; font-weight: 600; color: var(--soft); }
th, td { padding: .4rem .6rem .4rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
td:first-child { white-space: nowrap; }
ul.examples { margin: .2rem 0; padding-left: 1.2rem; }
.why { color: var(--accent); }
@media (max-width: 60rem) { nav { position: static; width: auto; border: 0; } main { margin: 0; padding: 1rem; } table { display: block; overflow-x: auto; } }
@media print { nav { display: none; } main { margin: 0; } section { break-inside: avoid; } }
"""


def html(book: Codebook) -> str:
    """The whole page."""
    return "\n".join(_page(book)) + "\n"


def _page(book: Codebook) -> Iterator[str]:
    yield '<!doctype html>\n<html lang="vi">\n<head>\n<meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>{escape(TITLE.vi)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>"
    yield from _contents(book)
    yield f"<main>\n<h1>{escape(TITLE.vi)}</h1>\n{_other(TITLE)}"
    yield f'<p>{escape(INTRO.vi)}</p>\n<p class="other" lang="en">{escape(INTRO.en)}</p>'
    for chapter, sections in book.chapters.items():
        yield f'<h2 id="chapter-{chapter}">{escape(CHAPTERS[chapter].vi)}</h2>\n{_other(CHAPTERS[chapter])}'
        for section in sections:
            yield from _section(section)
    yield '<h2 id="sets">Các bảng mã khác</h2>'
    for name, codes in book.sets.items():
        yield f'<section id="set-{name}">\n<h3>{escape(SETS[name].vi)} <code>{name}</code></h3>\n{_other(SETS[name])}'
        yield from _table(("Mã", "Tên", "Nghĩa"), [_code(code) for code in codes])
        yield "</section>"
    yield "</main>\n</body>\n</html>"


def _contents(book: Codebook) -> Iterator[str]:
    yield '<nav aria-label="Mục lục">'
    for chapter, sections in book.chapters.items():
        tag = "ol" if chapter == "article39" else "ul"  # the numbers of a list are the items of the article
        yield f'<h2><a href="#chapter-{chapter}">{escape(CHAPTERS[chapter].vi)}</a></h2>\n<{tag}>'
        yield from (f'<li><a href="#{section.entry.kind}">{escape(capital(section.entry.label.vi))}</a></li>' for section in sections)
        yield f"</{tag}>"
    yield '<h2><a href="#sets">Các bảng mã khác</a></h2>\n<ul>'
    yield from (f'<li><a href="#set-{name}">{escape(SETS[name].vi)}</a></li>' for name in book.sets)
    yield "</ul>\n</nav>"


def _section(section: Section) -> Iterator[str]:
    entry, law = section.entry, legal(section.entry)
    yield f'<section id="{entry.kind}">\n<h3>{escape(capital(entry.label.vi))} <code>{entry.kind}</code></h3>\n{_other(entry.label)}'
    if law.vi:
        yield f'<p class="law">Hiệp định: {escape(law.vi)}</p>'
    yield f'<p>{escape(entry.definition)}</p>\n<p class="other" lang="en">{escape(entry.definition_en)}</p>'
    yield f'<h4>Thế nào là một vụ</h4>\n<p>{escape(entry.case)}</p>\n<p class="other" lang="en">{escape(entry.case_en)}</p>'
    if entry.facts:
        yield "<h4>Dữ kiện</h4>"
        yield from _table(("Tên", "Là gì", "Giá trị"), [_fact(fact) for fact in entry.facts])
    yield from _examples("Thuộc mã này", section.inside)
    yield from _examples("Không thuộc mã này", section.outside)
    yield "</section>"


def _fact(fact: FactOfKind) -> tuple[str, str, str]:
    entry = fact.entry
    values = fact.values if fact.form == "code" else tuple(entry.values) if fact.form == "flag" else ()
    told = "<br>".join(f"<code>{value}</code> {_three(entry.values[value])}" for value in values)
    return f"<code>{entry.name}</code>", f"{_three(entry.label)}<br>{escape(entry.definition)}", told or escape(form(fact))


def _code(code: CodeEntry) -> tuple[str, str, str]:
    meaning = f'{escape(code.meaning)}<br><span class="other" lang="en">{escape(code.meaning_en)}</span>'
    return f"<code>{escape(code.code)}</code>", _three(code.label), meaning


def _examples(title: str, examples: Sequence[Example]) -> Iterator[str]:
    if not examples:
        return
    yield f'<h4>{title}</h4>\n<ul class="examples">'
    for example in examples:
        why = f' <span class="why">→ {escape(example.why)}.</span>' if example.why else ""
        yield f"<li>{escape(example.text)}{_source(example)}{why}</li>"
    yield "</ul>"


def _source(example: Example) -> str:
    if example.case is None:
        return ""
    case = f"<code>{escape(example.case)}</code>"
    linked = example.evidence is not None and example.evidence.startswith(("https://", "http://"))
    return f' <a href="{escape(example.evidence or "")}">{case}</a>' if linked else f" {case}"


def _three(label: Label) -> str:
    return f'{escape(label.vi)} <span class="other">· <span lang="en">{escape(label.en)}</span> · <span lang="zh">{escape(label.zh)}</span></span>'


def _other(label: Label) -> str:
    return f'<p class="other"><span lang="en">{escape(capital(label.en))}</span> · <span lang="zh">{escape(label.zh)}</span></p>'


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield f"<table>\n<tr>{''.join(f'<th>{column}</th>' for column in columns)}</tr>"
    yield from (f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    yield "</table>"
