"""What Grafana does with the queries of its provisioned boards: puts variables and macros in, and asks the sources."""

import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import psycopg

PROVISIONING = Path(__file__).parents[2] / "deploy" / "grafana" / "provisioning"
BOARDS = {path.stem: json.loads(path.read_text()) for path in sorted((PROVISIONING / "dashboards").glob("*.json"))}
_SINCE = {"h": timedelta(hours=1), "d": timedelta(days=1), "y": timedelta(days=365)}


class Rows(NamedTuple):
    """The answer to a query as a table; of Prometheus each sample is a row of its labels, time and value."""

    columns: list[str]
    rows: list[tuple[Any, ...]]


@dataclass
class Sources:
    """The data sources, as Grafana reaches them."""

    postgres: psycopg.Connection[Any]
    prometheus: httpx.Client

    def sql(self, query: str, *, until: datetime, since: datetime) -> Rows:
        """The rows of a query of the record. Fails for a variable or macro that is left."""
        bounds = [f"'{moment.astimezone(UTC).isoformat(timespec='milliseconds')}'" for moment in (since, until)]
        query = re.sub(r"\$__timeFilter\(([^)]*)\)", lambda match: f"{match[1]} BETWEEN {bounds[0]} AND {bounds[1]}", query)
        query = query.replace("$__timeFrom()", bounds[0]).replace("$__timeTo()", bounds[1])
        assert "$" not in query, query
        answer = self.postgres.execute(query)  # type: ignore[arg-type]
        return Rows([column.name for column in answer.description or ()], answer.fetchall())

    def promql(self, query: str, *, until: datetime, since: datetime, instant: bool) -> Rows:
        """The samples of a query of Prometheus; what is no number counts as none."""
        query = query.replace("$__rate_interval", "240s")
        assert "$" not in query, query
        bounds = {"time": until.timestamp()} if instant else {"start": since.timestamp(), "end": until.timestamp(), "step": 15}
        answer = self.prometheus.get("/query" if instant else "/query_range", params={"query": query, **bounds})
        assert answer.status_code == 200, answer.text
        series = answer.json()["data"]["result"]
        labels = sorted({label for each in series for label in each["metric"]})
        samples = [(each["metric"], *sample) for each in series for sample in ([each["value"]] if instant else each["values"])]
        rows = [(*map(metric.get, labels), at, float(value)) for metric, at, value in samples if not math.isnan(float(value))]
        return Rows([*labels, "Time", "Value"], rows)


class Board:
    """A board with each variable set to all of its values, over the time at which it opens."""

    def __init__(self, board: Mapping[str, Any], sources: Sources, until: datetime) -> None:
        self.title = board["title"]
        self.panels: list[dict[str, Any]] = [panel for panel in board["panels"] if panel["type"] != "row"]
        self._sources = sources
        number, unit = re.fullmatch(r"now-(\d+)([hdy])", board["time"]["from"]).groups()  # type: ignore[union-attr]
        self._time = {"until": until, "since": until - int(number) * _SINCE[unit]}
        self.options = {
            variable["name"]: sources.sql(variable["query"], **self._time).rows for variable in board["templating"].get("list", ())
        }

    def answers(self, panel: Mapping[str, Any]) -> Iterator[Rows]:
        """The answer to each query of a panel."""
        for target in panel.get("targets", ()):
            if target["datasource"]["uid"] == "postgres":
                query = re.sub(r"\$\{(\w+):sqlstring\}", lambda match: self._every(match[1]), target["rawSql"])
                yield self._sources.sql(query, **self._time)
            else:
                assert target["datasource"]["uid"] == "prometheus"
                yield self._sources.promql(target["expr"], **self._time, instant=target["instant"])

    def _every(self, variable: str) -> str:
        """All values of a variable, as Grafana writes them into SQL."""
        return ",".join("'" + str(value).replace("'", "''") + "'" for value, _ in self.options[variable])


def has_values(answer: Rows) -> bool:
    """Whether there is a number or a text in any row besides its time."""
    return any(value is not None and not isinstance(value, datetime) for row in answer.rows for value in row)


def columns_named(panel: Mapping[str, Any]) -> Sequence[str]:
    """The columns that a panel names: those that it formats, and the one along which it draws bars."""
    named = [override["matcher"]["options"] for override in panel["fieldConfig"].get("overrides", ())]
    return [*named, *([panel["options"]["xField"]] if panel["type"] == "barchart" else ())]
