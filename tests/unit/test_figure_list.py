"""The list of figures: whole, true to the registry, and what `docs/figures.md` says."""

from pathlib import Path

import pytest

from agreement.figure_families import FAMILIES, is_figure
from agreement.published_families import PUBLISHED, published_family
from mocgioi.views.figures import page
from reports.figures.listed import Listed, definition, listed

EVERY = {one.id: one for one in listed()}
PAGE = Path(__file__).parents[2] / "docs" / "figures.md"


def test_every_family_has_a_figure_on_the_list() -> None:
    for family in (*FAMILIES, *PUBLISHED):
        shown = [family.prefix + key for key in (*family.always, *family.examples)]
        assert shown, family.prefix
        assert all(EVERY[figure_id].definition == family.definition for figure_id in shown)


def test_a_figure_is_listed_once() -> None:
    assert len(EVERY) == len(list(listed()))


@pytest.mark.parametrize("one", EVERY.values(), ids=lambda one: one.id)
def test_a_listed_figure_is_one_that_reports_have_and_adds_up_to_one(one: Listed) -> None:
    assert is_figure(one.id) or one.published or one.id.startswith(("open.", "posts.", "duty."))
    assert one.published is (published_family(one.id) is not None), "no event counts what is only published"
    assert not (one.published and is_figure(one.id)), "and the other way round"
    assert one.label
    assert one.unit
    assert one.adds_up_to is None or one.adds_up_to in EVERY
    assert definition(one.id)


def test_what_only_examples_are_listed_of_has_its_definition_too() -> None:
    assert definition("breach.clause.12(1)") == EVERY["breach.clause.21(1)"].definition
    assert definition("crossing.VN-CN.goods.tấn") == EVERY["crossing.total.persons"].definition
    assert definition("plan.trade.import") == EVERY["plan.trade.export"].definition
    assert definition("breach.US") is None
    assert definition("open.doors") is None


def test_the_page_in_docs_is_the_list_make_schemas_brings_it_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(listed())
    assert all(f"| `{figure_id}`" in PAGE.read_text(encoding="utf-8") for figure_id in EVERY)
