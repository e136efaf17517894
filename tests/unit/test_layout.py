"""Tables of any content in any width: every word whole, and no line wider than it must be."""

from hypothesis import given, settings
from hypothesis import strategies as st

from mocgioi.views.layout import cells, laid_out

WORDS = st.text(st.characters(categories=("L", "Nd", "Pd")), min_size=1, max_size=30)
CELLS = st.lists(WORDS, max_size=5).map(" ".join)
TABLES = st.integers(1, 6).flatmap(
    lambda n: st.tuples(st.lists(WORDS, min_size=n, max_size=n), st.lists(st.lists(CELLS, min_size=n, max_size=n), max_size=4))
)
ID = "inc-0193b9c0-7a1e-7c11-b1f0-2a6d7a1f0c55"


@settings(max_examples=40, deadline=None)
@given(TABLES, st.integers(10, 200))
def test_no_word_is_broken_and_no_line_is_wider_than_the_screen_or_its_word(table: tuple[list[str], list[list[str]]], width: int) -> None:
    columns, rows = table
    lines = list(laid_out(columns, rows, width))
    shown = [word for line in lines for word in line.split(" ")]
    for row in rows:
        for word in " ".join(row).split():
            assert word in shown
    longest = max((cells(word) for row in (columns, *rows) for text in row for word in text.split(" ")), default=0)
    assert all(cells(line) <= max(width, longest + 5) for line in lines)


def test_columns_that_do_not_fit_go_below_the_row_in_the_order_given() -> None:
    columns = ("Vụ việc\nincident", "Nơi\nplace", "Kết luận\noutcome", "Nguồn\nsource")
    rows = [(ID, "1088/2", "cần thêm dữ kiện", "/posts/tan-thanh/d1")]
    narrow = list(laid_out(columns, rows, 60, below_first=[1]))
    assert narrow[3].startswith(ID)
    assert "    Nơi · place: 1088/2" in narrow
    assert "    Nguồn · source: /posts/tan-thanh/d1" in narrow
    wide = list(laid_out(columns, rows, 120))
    assert len(wide) == 4
    assert wide[3] == f"{ID}  1088/2  cần thêm dữ kiện  /posts/tan-thanh/d1"


def test_chinese_characters_take_two_cells() -> None:
    *_, rule, first, second = laid_out(("a", "b"), [("界碑", "x"), ("ab", "y")], 80)
    assert (rule, first, second) == ("────  ─", "界碑  x", "ab    y")
