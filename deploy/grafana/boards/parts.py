"""What all boards are put together from: a board, its variables, and panels that look alike everywhere."""

from collections.abc import Mapping, Sequence
from typing import Protocol, Self, TypeVar

from grafana_foundation_sdk.builders import barchart, common, dashboard, stat, statushistory, table, timeseries
from grafana_foundation_sdk.cog.builder import Builder
from grafana_foundation_sdk.cog.variants import Dataquery
from grafana_foundation_sdk.models import dashboard as models
from grafana_foundation_sdk.models.common import (
    BigValueColorMode,
    BigValueGraphMode,
    GraphDrawStyle,
    LegendDisplayMode,
    LegendPlacement,
    StackingMode,
    VisibilityMode,
    VizOrientation,
)

from deploy.grafana.boards.names import codes
from deploy.grafana.boards.queries import POSTGRES
from schemas.codebook import OUTCOME_LABELS, SIDE_LABELS, Outcome, Side

GREEN, YELLOW, ORANGE, RED, GREY = "green", "semi-dark-yellow", "semi-dark-orange", "semi-dark-red", "text"
Step = tuple[float | None, str]
WAITING: tuple[Step, ...] = ((None, GREEN), (1, RED))
"""Nothing may wait here."""
NOTHING_RECORDED = "chưa ghi nhận vụ nào"
OF_CHOICE = "province IN (${province:sqlstring}) AND side IN (${side:sqlstring}) AND kind IN (${kind:sqlstring})"
"""The condition of what is chosen above a board."""
_SIDES = {
    Side.VN: "semi-dark-blue",
    Side.CN: "semi-dark-orange",
    Side.BOTH: "semi-dark-purple",
    Side.THIRD: "light-purple",
    Side.NATURAL: "semi-dark-green",
    Side.UNDETERMINED: "light-blue",
    Side.CONTESTED: "semi-dark-yellow",
}
SIDE_COLORS = {SIDE_LABELS[side].vi: color for side, color in _SIDES.items()}
CLASS_COLORS = {"khẩn": RED, "vi phạm": ORANGE, "thiếu dữ kiện": YELLOW}
OUTCOME_COLORS = {OUTCOME_LABELS[Outcome.BREACH].vi: ORANGE, OUTCOME_LABELS[Outcome.NEEDS_FACTS].vi: YELLOW}


class _Panel(Protocol):
    """What the SDK's panel builders have in common."""

    def title(self, title: str) -> Self: ...
    def description(self, description: str) -> Self: ...
    def span(self, w: int) -> Self: ...
    def height(self, h: int) -> Self: ...
    def with_target(self, target: Builder[Dataquery]) -> Self: ...
    def no_value(self, no_value: str) -> Self: ...


P = TypeVar("P", bound=_Panel)


def placed(
    panel: P, title: str, *queries: Builder[Dataquery], width: int, height: int, about: str = "", empty: str = "không có số liệu"
) -> P:
    """A panel with what each has: title, size, queries, and what it says where they have no rows."""
    panel = panel.title(title).span(width).height(height).no_value(empty)
    for query in queries:
        panel = panel.with_target(query)
    return panel.description(about) if about else panel


def number(
    title: str, query: Builder[Dataquery], *, width: int = 4, steps: Sequence[Step] = ((None, GREY),), unit: str = "none", about: str = "",
    empty: str = NOTHING_RECORDED,
) -> stat.Panel:  # fmt: skip
    """One large number; its background has the colour of its threshold."""
    panel = placed(stat.Panel(), title, query, width=width, height=4, about=about, empty=empty)
    plain = all(color == GREY for _, color in steps)
    panel = panel.color_mode(BigValueColorMode.VALUE if plain else BigValueColorMode.BACKGROUND_SOLID)
    return panel.graph_mode(BigValueGraphMode.NONE).unit(unit).thresholds(thresholds(steps)).reduce_options(newest())


def lines(title: str, *queries: Builder[Dataquery], width: int = 8, unit: str = "short", about: str = "") -> timeseries.Panel:
    """Curves over the time of the board."""
    panel = placed(timeseries.Panel(), title, *queries, width=width, height=8, about=about)
    return panel.unit(unit).fill_opacity(8).min(0).legend(legend()).show_points(VisibilityMode.AUTO).span_nulls(True)


def stacked(title: str, query: Builder[Dataquery], *, width: int = 12, height: int = 9, about: str = "") -> timeseries.Panel:
    """Bars over time, one colour a series."""
    panel = placed(timeseries.Panel(), title, query, width=width, height=height, about=about, empty=NOTHING_RECORDED)
    panel = panel.draw_style(GraphDrawStyle.BARS).fill_opacity(80).line_width(0).unit("short").decimals(0).legend(legend())
    return colored(panel.stacking(common.StackingConfig().mode(StackingMode.NORMAL).group("A")), SIDE_COLORS)


def bars(title: str, query: Builder[Dataquery], *, x: str, width: int = 12, height: int = 9, about: str = "") -> barchart.Panel:
    """Horizontal bars a row of the query, stacked by its columns."""
    panel = placed(barchart.Panel(), title, query, width=width, height=height, about=about, empty=NOTHING_RECORDED)
    panel = panel.x_field(x).orientation(VizOrientation.HORIZONTAL).stacking(StackingMode.NORMAL).unit("short").decimals(0)
    return colored(panel.fill_opacity(80).legend(legend()), SIDE_COLORS)


def strip(title: str, query: Builder[Dataquery], *, height: int, about: str) -> statushistory.Panel:
    """A row a stretch of the line, a cell a month, darker for more."""
    panel = placed(statushistory.Panel(), title, query, width=24, height=height, about=about, empty=NOTHING_RECORDED)
    steps: tuple[Step, ...] = ((None, "super-light-yellow"), (2, "light-orange"), (4, "semi-dark-orange"), (8, "dark-red"))
    panel = panel.row_height(0.9).col_width(0.95).show_value(VisibilityMode.AUTO).decimals(0).legend(legend())
    return panel.thresholds(thresholds(steps)).color_scheme(dashboard.FieldColor().mode(models.FieldColorModeId.THRESHOLDS))


def rows(title: str, query: Builder[Dataquery], *, width: int, height: int = 10, about: str = "", empty: str) -> table.Panel:
    """A table."""
    return placed(table.Panel(), title, query, width=width, height=height, about=about, empty=empty).filterable(True)


def incidents(
    title: str, query: Builder[Dataquery], *, painted: tuple[str, Mapping[str, str]], width: int, height: int, empty: str = NOTHING_RECORDED
) -> table.Panel:
    """A table of incidents; the column `Loại việc` opens the officers' page of each, one column has a colour each value."""
    link = {"title": "Mở trang của vụ việc", "url": "${__data.fields.page}", "targetBlank": True}
    panel = rows(title, query, width=width, height=height, empty=empty)
    panel = panel.override_by_name("page", [models.DynamicConfigValue("custom.hidden", True)])
    panel = panel.override_by_name("Loại việc", [models.DynamicConfigValue("links", [link])])
    column, colors = painted
    mapping = {"type": "value", "options": {text: {"color": color, "index": index} for index, (text, color) in enumerate(colors.items())}}
    background = {"type": "color-background", "mode": "basic"}
    return panel.override_by_name(
        column, [models.DynamicConfigValue("mappings", [mapping]), models.DynamicConfigValue("custom.cellOptions", background)]
    )


def prometheus_table(
    panel: table.Panel, *, label: tuple[str, str], names: Mapping[str, str], value: str, unit: str, steps: Sequence[Step]
) -> table.Panel:
    """A table of the newest values of a metric: its label under another title and with names for codes, its value with colours, largest first."""
    mapping = {"type": "value", "options": {code: {"text": text, "index": index} for index, (code, text) in enumerate(names.items())}}
    shown = {"displayName": value, "unit": unit, "thresholds": thresholds(steps).build()}
    shown["custom.cellOptions"] = {"type": "color-background", "mode": "basic"}
    panel = panel.override_by_name("Time", [models.DynamicConfigValue("custom.hidden", True)])
    panel = panel.override_by_name("Value", [models.DynamicConfigValue(*each) for each in shown.items()])
    named = {"displayName": label[1], "mappings": [mapping]}
    panel = panel.override_by_name(label[0], [models.DynamicConfigValue(*each) for each in named.items()])
    return panel.sort_by([common.TableSortByFieldState().display_name(value).desc(True)])


def renamed(panel: timeseries.Panel, names: Mapping[str, str]) -> timeseries.Panel:
    """A panel whose series have names in place of the codes that metrics have as labels."""
    for code, text in names.items():
        panel = panel.override_by_name(code, [models.DynamicConfigValue("displayName", text)])
    return panel


C = TypeVar("C", timeseries.Panel, barchart.Panel)


def colored(panel: C, colors: Mapping[str, str]) -> C:
    """A panel whose series have a colour each name."""
    for series, color in colors.items():
        panel = panel.override_by_name(series, [models.DynamicConfigValue("color", {"mode": "fixed", "fixedColor": color})])
    return panel


def thresholds(steps: Sequence[Step]) -> dashboard.ThresholdsConfig:
    """Colours from a value on; the first has none."""
    return (
        dashboard.ThresholdsConfig().mode(models.ThresholdsMode.ABSOLUTE).steps([models.Threshold(value, color) for value, color in steps])
    )


def legend() -> common.VizLegendOptions:
    """Below the panel, in one line."""
    return common.VizLegendOptions().show_legend(True).display_mode(LegendDisplayMode.LIST).placement(LegendPlacement.BOTTOM)


def newest() -> common.ReduceDataOptions:
    """The newest value."""
    return common.ReduceDataOptions().calcs(["lastNotNull"])


def chosen(column: str, label: str) -> dashboard.QueryVariable:
    """A variable with all codes that a column may have, under their names; several may be chosen.

    Not those that are recorded: a screen that has been open for days would not show the first incident of a kind.
    """
    every = models.VariableOption(selected=True, text=["All"], value=["$__all"])
    variable = dashboard.QueryVariable(column).label(label).datasource(POSTGRES).query(codes(column)).multi(True)
    return variable.include_all(True).current(every).refresh(models.VariableRefresh.ON_DASHBOARD_LOAD)


def board(uid: str, title: str, about: str, *, since: str, refresh: str) -> dashboard.Dashboard:
    """An empty board. All show Vietnam's time, whatever the browser's is."""
    links = dashboard.DashboardLink("Các bảng khác").type(models.DashboardLinkType.DASHBOARDS).tags(["mocgioi"]).as_dropdown(True)
    new = dashboard.Dashboard(title).uid(uid).description(about).tags(["mocgioi"]).timezone("Asia/Ho_Chi_Minh").time(since, "now")
    return new.refresh(refresh).readonly().tooltip(models.DashboardCursorSync.CROSSHAIR).week_start("monday").link(links.keep_time(False))
