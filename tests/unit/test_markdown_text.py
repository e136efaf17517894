"""Text within Markdown reads as it was written, and does nothing else."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from reports.documents import render
from reports.markdown_text import escaped
from tests.support.reports import a_rich_report, a_row

HARMFUL = [
    *("[bấm vào đây](http://x.example)", "![](http://x.example/a.png)", "<img src=x onerror=alert(1)>", "<http://x.example>", "&lt;b&gt;"),
    *(
        "a | b",
        "# đầu đề",
        "=====",
        "-----",
        "- một",
        "+ một",
        "1. một",
        "2) hai",
        "> trích",
        "```x",
        "~~~x",
        "`mã`",
        "**đậm**",
        "_nghiêng_",
    ),
    *(
        "a\nb",
        "a\r\n# b",
        "a\r# b",
        "\\",
        "a\\",
        "[x]: http://x.example",
        "    mã",
        "\tmã",
        "a  ",
        "~~xóa~~",
        "http://x.example",
        "x@y.example",
    ),
]
PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def reads(markdown: str) -> list[tuple[str, str]]:
    """What a Markdown document comes to: each piece of text and what it stands in."""
    texts, inside = [], []
    for token in PARSER.parse(markdown):
        if token.nesting > 0:
            inside.append(token.type)
        elif token.nesting < 0:
            inside.pop()
        elif token.type == "inline":
            kinds = {child.type for child in token.children or ()}
            html = {child.content for child in token.children or () if child.type == "html_inline"}
            text = "".join("\n" if child.content == "<br>" else child.content for child in token.children or ())
            assert kinds <= {"text", "html_inline", "text_special"}
            assert html <= {"<br>"}
            texts.append((inside[-1], text))
        else:
            texts.append((token.type, token.content))
    return texts


def lines_of(text: str) -> str:
    return re.sub(r"\r\n|\r", "\n", text.strip())


@pytest.mark.parametrize("text", HARMFUL)
def test_a_text_is_a_paragraph_or_a_cell_and_reads_as_it_was_written(text: str) -> None:
    assert reads(escaped(text)) == [("paragraph_open", lines_of(text))]
    assert reads(f"| x | y |\n| --- | --- |\n| {escaped(text, starts=False)} | z |")[2:] == [("td_open", lines_of(text)), ("td_open", "z")]


@given(st.text(st.sampled_from("ab1 \n\r\t\\`*_[]()<>!|#+-=.:/&;~@\"'")))
def test_so_is_every_text(text: str) -> None:
    if lines_of(text):
        ((inside, words),) = reads(escaped(text))
        assert inside == "paragraph_open"
        assert re.sub(r"\s+", " ", words) == re.sub(r"\s+", " ", lines_of(text))


def test_an_address_is_no_link_where_addresses_become_links() -> None:
    assert [escaped(text) for text in ("http://x.example", "WWW.x.example", "x@y.example")] == [
        r"http\://x.example",
        r"WWW\.x.example",
        r"x\@y.example",
    ]


def test_what_people_write_is_left_as_it_is() -> None:
    for text in ("mốc 1088/2, 18 m (21(1)); 18.000 đồng", "breach.total", "judge_failed", "không phải – không", "a & b!"):
        assert escaped(text) == text


def test_a_place_in_a_report_is_no_link() -> None:
    text = render(a_rich_report(rows=(a_row(1, commune="[x](http://x.example) <b>|"),)), "md").decode()
    assert r"\[x\](http\://x.example) \<b\>\|" in text
