"""Sheets of what the register knows, as commands print them: facts in a fixed order, and what is not known."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from border.data_tables import references
from border.gates import Gate, GateClass, class_words
from border.provinces import Province, province_name, province_on

NAMED = Mapping[str, str]


def named(province: Province | None) -> NAMED | None:
    """A province by code and name."""
    return None if province is None else {"code": province, "name": province_name(province)}


def then_and_now(province: Province | None, on: date, now: date) -> dict[str, NAMED | None]:
    """The province that has a territory on a day, and the one that has it today."""
    days = {"then": on, "now": now}
    return {which: None if province is None else named(province_on(province, day)) for which, day in days.items()}


def class_label(gate_class: GateClass | None) -> str:
    """A class in words: the law's in Vietnamese; unknown where it was not seen."""
    return "không rõ" if gate_class is None else class_words()[gate_class][0]


def brief(gate: Gate, on: date) -> dict[str, Any]:
    """A gate in a line of another sheet."""
    return {
        "gate": gate.slug,
        "label": gate.label,
        "class": gate.class_on(on),
        "markers": [item.canonical for item in gate.markers],
        "province": province_on(gate.province, on),
        "parent": gate.parent,
    }


def sources(rows: Iterable[str]) -> list[str]:
    """All references of some sources, each once."""
    return list(dict.fromkeys(reference for source in rows for reference in references(source)))


def province_text(provinces: Mapping[str, NAMED | None]) -> str:
    """Hà Giang, nay là · now Tuyên Quang."""
    then, now = provinces["then"], provinces["now"]
    if then is None or now is None:
        return ""
    return then["name"] if then == now else f"{then['name']}; nay là · now {now['name']}"


def show(title: str, rows: Sequence[tuple[str, object]]) -> None:
    """A sheet for people: what has no value is left out."""
    from mocgioi.views.output import table

    table(["", title], [(label, value) for label, value in rows if value not in (None, "", [])])


def lines(values: Iterable[object]) -> str:
    """One under the other."""
    return "\n".join(str(value) for value in values)
