"""The queries of panels. Data sources have the fixed uids of `provisioning/datasources`."""

from typing import Literal

from grafana_foundation_sdk.builders import prometheus
from grafana_foundation_sdk.cog import builder, variants
from grafana_foundation_sdk.models.dashboard import DataSourceRef
from grafana_foundation_sdk.models.prometheus import PromQueryFormat

POSTGRES = DataSourceRef(type_val="grafana-postgresql-datasource", uid="postgres")
PROMETHEUS = DataSourceRef(type_val="prometheus", uid="prometheus")


class SqlQuery(variants.Dataquery):
    """A query of Grafana's PostgreSQL data source, for which the SDK has no model."""

    def __init__(self, sql: str, form: str) -> None:
        self._sql, self._form, self.ref_id = sql, form, "A"

    def to_json(self) -> dict[str, object]:
        """As Grafana keeps it."""
        fixed = {"datasource": POSTGRES, "editorMode": "code", "rawQuery": True, "refId": self.ref_id}
        return fixed | {"format": self._form, "rawSql": self._sql}


class Sql(builder.Builder[SqlQuery]):
    """Builds a query of the record; its indentation is that of our source and goes."""

    def __init__(self, sql: str, form: Literal["table", "time_series"] = "table") -> None:
        self._query = SqlQuery("\n".join(line.strip() for line in sql.strip().splitlines()), form)

    def build(self) -> SqlQuery:
        """The query."""
        return self._query


def series(expression: str, legend: str = "", ref: str = "A") -> prometheus.Dataquery:
    """A query of Prometheus over the time of the board."""
    return prometheus.Dataquery().expr(expression).legend_format(legend).range().ref_id(ref).datasource(PROMETHEUS)


def number_of(expression: str) -> prometheus.Dataquery:
    """A query of Prometheus for the newest number, as an alert compares it."""
    return prometheus.Dataquery().expr(expression).instant().ref_id("A").datasource(PROMETHEUS)


def instant(expression: str, legend: str = "") -> prometheus.Dataquery:
    """A query of Prometheus for the newest values, as a table."""
    query = prometheus.Dataquery().expr(expression).legend_format(legend).instant().ref_id("A").datasource(PROMETHEUS)
    return query.format(PromQueryFormat.TABLE)
