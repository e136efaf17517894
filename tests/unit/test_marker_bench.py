"""`python -m bench.markers` measures what it says."""

import random

from bench import markers as bench
from border.marker_clean import read_clean
from border.markers import parse


def test_the_references_measured_are_clean_and_many_of_them_different() -> None:
    texts = list(bench.references(random.Random(1), 2_000))
    assert texts == list(bench.references(random.Random(1), 2_000))
    assert all(read_clean(text) for text in texts)
    assert len(set(texts)) > 1_500
    assert all(len(text) < 25 for text in texts)


def test_the_sentences_measured_are_read_closely() -> None:
    for text in bench.narratives(random.Random(1), 200):
        assert read_clean(text) is None
        assert parse(text).review is None


def test_a_rate_is_of_the_best_turn() -> None:
    quick, slow = bench.rates((str.strip, ["a"] * 20_000), (lambda text: sum(map(ord, text * 40)), ["a"] * 20_000))
    assert quick > slow > 0
