"""Draw the boards of Grafana for `docs/`: `python -m docs.pictures.boards`.

No Grafana runs here. A page draws each panel from the provisioned file itself: its place, title, unit, thresholds and colours, and what its
queries answer on a simulated border (`tests.support.watched_border`). Grafana's own drawing looks different in detail.
"""

import html
import io
import tempfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from PIL import Image

from border.vietnam import HANOI
from docs.pictures.draw import save
from tests.support.browser import chromium
from tests.support.grafana import BOARDS, Board, Rows
from tests.support.postgres import running
from tests.support.watched_border import watched_border

WIDTH, ROW = 1500, 36
STYLE = Path(__file__).with_suffix(".css").read_text(encoding="utf-8")
COLORS = {
    "green": "#3d8f46", "text": "#8e8e98", "super-light-yellow": "#5a5222", "light-orange": "#a8722a", "semi-dark-yellow": "#b38f00",
    "semi-dark-orange": "#d9730d", "semi-dark-red": "#c4162a", "dark-red": "#a50e20", "semi-dark-blue": "#3274d9", "semi-dark-purple": "#8f3bb8",
    "light-blue": "#8ab8ff", "light-purple": "#ca95e5", "semi-dark-green": "#56a64b",
}  # fmt: skip
PALETTE = ("#73bf69", "#f2cc0c", "#5794f2", "#ff9830", "#f2495c", "#b877d9", "#8ab8ff", "#96d98d", "#ffb357")
SPANS = ((86_400, "ngày"), (3600, "giờ"), (60, "phút"), (0, "giây"))
Panel = Mapping[str, Any]
Size = tuple[int, int]
Line = tuple[str, list[tuple[float, float]]]


def main() -> None:
    with running() as databases, tempfile.TemporaryDirectory() as name, chromium() as browser:
        page = browser.new_page(viewport={"width": WIDTH, "height": 900})
        with watched_border(databases, Path(name), posts=30, days=340, changed=thinned) as sources:
            for uid, board in BOARDS.items():
                opened = Board(board, sources, datetime.now(UTC))
                panels = "".join(drawn(panel, opened) for panel in board["panels"])
                height = max(panel["gridPos"]["y"] + panel["gridPos"]["h"] for panel in board["panels"]) * ROW + 70
                head = f"<!doctype html><style>{STYLE} body {{ height: {height}px }}</style><h1>{board['title']}</h1>"
                page.set_content(f"{head}<p class=about>{board['description']}</p>{panels}")
                save(f"bang-{uid}", Image.open(io.BytesIO(page.screenshot(full_page=True))))


def thinned(event: dict[str, Any]) -> dict[str, Any]:
    """Eleven of twelve incidents are a test, which no board counts: so a year has about as many as one reads of."""
    if event["type"] == "vn.mocgioi.incident.reported.v1" and zlib.crc32(event["subject"].encode()) % 12:
        event["data"]["status"] = "test"
    return event


def drawn(panel: Panel, opened: Board) -> str:
    """A panel in its place."""
    place = panel["gridPos"]
    left, width = (int(place[edge] * (WIDTH - 24) / 24) for edge in ("x", "w"))
    box = f"left: {left + 12}px; top: {place['y'] * ROW + 64}px; width: {width - 6}px; height: {place['h'] * ROW - 6}px"
    if panel["type"] == "row":
        return f"<div class=row style='{box}'>▾ {panel['title']}</div>"
    size = width - 24, place["h"] * ROW - 36
    draw = {"stat": stat, "table": table, "timeseries": curves, "barchart": bars, "status-history": cells, "alertlist": alerts}[
        panel["type"]
    ]
    return f"<div class=panel style='{box}'><b>{panel['title']}</b>{draw(panel, list(opened.answers(panel)), size)}</div>"


def shown(value: Any, unit: str = "") -> str:
    """A value in its unit."""
    match value:
        case None:
            return ""
        case datetime():
            return value.astimezone(HANOI).strftime("%d/%m/%Y %H:%M")
        case int() | float() | Decimal():
            return measured(float(value), unit)
    return html.escape(str(value))


def measured(number: float, unit: str) -> str:
    """A number in its unit."""
    if unit in {"s", "dtdurations"}:
        size, text = next(each for each in SPANS if abs(number) >= each[0])
        return f"{number / (size or 1):.3g} {text}"
    scale, text = {"percentunit": (100, " %"), "bytes": (2**-20, " MB")}.get(unit, (1, ""))
    number *= scale
    return (f"{number:,.0f}".replace(",", ".") if number == int(number) or number >= 10 else f"{number:.2g}") + text


def color_of(steps: Sequence[Mapping[str, Any]], value: Any) -> str:
    """The colour of the last threshold that a value has reached."""
    return COLORS[[step["color"] for step in steps if step["value"] is None or float(value) >= step["value"]][-1]]


def formats(panel: Panel) -> dict[str, dict[str, Any]]:
    """What a panel says of each column or series by name."""
    overrides = panel["fieldConfig"].get("overrides", ())
    return {each["matcher"]["options"]: {item["id"]: item.get("value") for item in each["properties"]} for each in overrides}


def stat(panel: Panel, answers: list[Rows], _: Size) -> str:
    defaults, rows = panel["fieldConfig"]["defaults"], answers[0].rows
    if not rows or rows[-1][-1] is None:
        return f"<div class='big small'>{defaults['noValue']}</div>"
    color = color_of(defaults["thresholds"]["steps"], rows[-1][-1])
    style = f"color: {color}" if panel["options"]["colorMode"] == "value" else f"background: {color}; color: white"
    return f"<div class=big style='{style}'>{shown(rows[-1][-1], defaults['unit'])}</div>"


def table(panel: Panel, answers: list[Rows], size: Size) -> str:
    (answer,), forms = answers, formats(panel)
    columns = [
        (index, name, forms.get(name, {})) for index, name in enumerate(answer.columns) if "custom.hidden" not in forms.get(name, {})
    ]
    rows = sorted(answer.rows, key=lambda row: -row[-1]) if answer.columns[-1] == "Value" else answer.rows
    head = "".join(f"<th>{form.get('displayName', name)}" for _, name, form in columns)
    lines = ("".join(cell(row[index], form) for index, _, form in columns) for row in rows[: size[1] // 22 - 1])
    return f"<table><tr>{head}" + "".join(f"<tr>{line}" for line in lines) + "</table>"


def cell(value: Any, form: Mapping[str, Any]) -> str:
    mapped = next((mapping["options"][value] for mapping in form.get("mappings", ()) if value in mapping["options"]), {})
    color = color_of(form["thresholds"]["steps"], value) if "thresholds" in form else COLORS.get(mapped.get("color", ""))
    style = f" style='background: {color}; color: white'" if color else ""
    return f"<td{' class=link' if 'links' in form else ''}{style}>{shown(mapped.get('text', value), form.get('unit', ''))}"


def series(panel: Panel, answers: list[Rows]) -> Iterator[Line]:
    """The series of the answers, by name: a column each, or where a column or labels have the names, one for each of these."""
    forms = formats(panel)
    for answer, target in zip(answers, panel["targets"], strict=True):
        lines: dict[str, list[tuple[float, float]]] = {}
        for row in map(dict, (zip(answer.columns, row, strict=True) for row in answer.rows)):
            at = row.pop("Time") if "expr" in target else row.pop("time").timestamp()
            name = target.get("legendFormat") or row.pop("metric", None)
            for column, value in row.items():
                if not isinstance(value, str | None):
                    text = (name or column).replace(f"{{{{{next(iter(row))}}}}}", str(next(iter(row.values()))))
                    lines.setdefault(forms.get(text, {}).get("displayName", text), []).append((at, float(value)))
        yield from lines.items()


def colors(panel: Panel, names: Sequence[str]) -> dict[str, str]:
    fixed = {name: COLORS[form["color"]["fixedColor"]] for name, form in formats(panel).items() if "color" in form}
    return {name: fixed.get(name, PALETTE[index % len(PALETTE)]) for index, name in enumerate(names)}


def legend(used: Mapping[str, str]) -> str:
    return "<div class=legend>" + "".join(f"<span><i style='color: {color}'>━</i> {name}</span>" for name, color in used.items()) + "</div>"


def curves(panel: Panel, answers: list[Rows], size: Size) -> str:
    """Curves, or stacked bars."""
    lines, defaults = list(series(panel, answers)), panel["fieldConfig"]["defaults"]
    used, stacked = colors(panel, [name for name, _ in lines]), defaults["custom"].get("drawStyle") == "bars"
    moments = sorted({at for _, points in lines for at, _ in points})
    tops = (
        [sum(dict(points).get(at, 0) for _, points in lines) for at in moments]
        if stacked
        else [y for _, points in lines for _, y in points]
    )
    width, height, first, top = size[0] - 60, size[1] - 40, moments[0], (max(tops) or 1) * 1.05
    bar, below, marks = max(3.0, width / (len(moments) + 1) * 0.8), dict.fromkeys(moments, 0.0), ""
    for name, points in lines:
        path = ""
        for at, y in points:
            x, up = 55 + (at - first) / max(moments[-1] - first, 1) * (width - bar), y / top * height
            path += f"{x:.1f},{height - up + 4:.1f} {x + 2:.1f},{height - up + 4:.1f} "
            if stacked:
                marks += f"<rect x={x:.1f} y={height - below[at] - up + 4:.1f} width={bar:.1f} height={up:.1f} fill='{used[name]}'/>"
                below[at] += up
        marks += "" if stacked else f"<polyline points='{path}' fill=none stroke='{used[name]}' stroke-width=2 />"
    axis = [(2, height - part * height / 1.05 + 8, shown(top / 1.05 * part, defaults.get("unit", ""))) for part in (0, 0.5, 1)]
    ends = [(x, height + 20, f"{datetime.fromtimestamp(at, HANOI):%d/%m %H:%M}") for x, at in ((55, first), (width - 30, moments[-1]))]
    texts = "".join(f"<text x={x} y={y:.0f}>{text}</text>" for x, y, text in axis + ends)
    return f"<svg width={size[0]} height={height + 22}>{texts}{marks}</svg>{legend(used)}"


def bars(panel: Panel, answers: list[Rows], size: Size) -> str:
    (answer,) = answers
    used, rows, body = colors(panel, answer.columns[1:]), answer.rows[: (size[1] - 20) // 22], ""
    scale = (size[0] - 240) / max(sum(float(value or 0) for value in row[1:]) for row in rows)
    for row in rows:
        parts = (
            f"<i style='background: {used[name]}; width: {float(n or 0) * scale:.0f}px'></i>" for name, n in zip(used, row[1:], strict=True)
        )
        body += f"<div class=bar><span>{row[0]}</span>{''.join(parts)}</div>"
    return body + legend({name: used[name] for index, name in enumerate(used, 1) if any(row[index] for row in rows)})


def cells(panel: Panel, answers: list[Rows], size: Size) -> str:
    """A row a column of the answer, a cell a row of it."""
    (answer,), steps = answers, panel["fieldConfig"]["defaults"]["thresholds"]["steps"]
    width, height, marks = (size[0] - 120) / len(answer.rows), (size[1] - 24) / (len(answer.columns) - 1), ""
    for column, row in enumerate(answer.rows):
        x = 110 + column * width
        marks += f"<text x={x:.0f} y={size[1] - 8}>{row[0].astimezone(HANOI):%m/%Y}</text>"
        for line, value in enumerate(row[1:]):
            if value is not None:
                marks += (
                    f"<rect x={x:.0f} y={line * height:.0f} width={width - 3:.0f} height={height - 3:.0f} fill='{color_of(steps, value)}'/>"
                )
                marks += f"<text x={x + width / 2:.0f} y={line * height + height / 2 + 4:.0f}>{value}</text>"
    names = "".join(f"<text x=0 y={line * height + height / 2 + 4:.0f}>{name}</text>" for line, name in enumerate(answer.columns[1:]))
    return f"<svg width={size[0]} height={size[1]}>{marks}{names}</svg>"


def alerts(_: Panel, __: list[Rows], ___: Size) -> str:
    return "<div class='big small'>(Grafana liệt kê ở đây những cảnh báo đang kêu)</div>"


if __name__ == "__main__":
    main()
