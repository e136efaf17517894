"""What Grafana is provisioned with: a file that it cannot read stops its start, a name that it misspells shows nothing."""

import json
import re
from datetime import timedelta
from typing import Annotated, Any, Literal

import pytest
import yaml
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.dashboard import Dashboard
from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from deploy.grafana.boards.files import PROVISIONING, files
from schemas.metrics import METRICS
from tests.support.compose import ROOT, load
from tests.support.grafana import BOARDS

UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def duration(text: str) -> timedelta:
    """A duration as Prometheus writes it: `10s`, `1h30m`."""
    assert re.fullmatch(r"(\d+[smhdw])+", text), f"no duration: {text}"
    return sum((timedelta(**{UNITS[unit]: int(number)}) for number, unit in re.findall(r"(\d+)([smhdw])", text)), timedelta())


Duration = Annotated[str, AfterValidator(lambda text: duration(text) is not None and text)]
Present = Annotated[str, Field(min_length=1)]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", alias_generator=to_camel)


class Snake(BaseModel):
    model_config = ConfigDict(extra="forbid")


class TimeRange(Snake):
    since: int = Field(alias="from")
    to: int


class Query(Strict):
    ref_id: Present
    datasource_uid: Literal["postgres", "prometheus", "__expr__"]
    relative_time_range: TimeRange
    model: dict[str, Any]


class Rule(Strict):
    uid: Annotated[str, Field(pattern=r"^[\w-]{1,40}$")]
    title: Present
    condition: Present
    data: Annotated[list[Query], Field(min_length=1)]
    hold: Duration = Field(alias="for")
    no_data_state: Literal["NoData", "OK", "Alerting", "KeepLast"]
    exec_err_state: Literal["Error", "OK", "Alerting", "KeepLast"]
    labels: dict[str, str]
    annotations: dict[str, str]
    is_paused: Literal[False]


class Group(Strict):
    org_id: Literal[1]
    name: Present
    folder: Present
    interval: Duration
    rules: list[Rule]


class EmailSettings(Strict):
    addresses: Present
    single_email: bool


class WebhookSettings(Snake):
    url: Present
    http_method: Literal["POST"] = Field(alias="httpMethod")
    authorization_scheme: Literal["Bearer"]
    authorization_credentials: Present


class Email(Strict):
    uid: Present
    type: Literal["email"]
    settings: EmailSettings


class Webhook(Strict):
    uid: Present
    type: Literal["webhook"]
    settings: WebhookSettings


class ContactPoint(Strict):
    org_id: Literal[1]
    name: Present
    receivers: list[Annotated[Email | Webhook, Field(discriminator="type")]]


class Route(Snake):
    receiver: Present
    group_by: list[str]
    group_wait: Duration
    group_interval: Duration
    repeat_interval: Duration
    object_matchers: list[tuple[str, Literal["=", "!=", "=~", "!~"], str]] = []
    mute_time_intervals: list[str] = []


class Policy(Route):
    org_id: Literal[1] = Field(alias="orgId")
    routes: list[Route]


class Hours(Snake):
    start_time: Annotated[str, Field(pattern=r"^\d\d:\d\d$")]
    end_time: Annotated[str, Field(pattern=r"^\d\d:\d\d$")]


class Interval(Snake):
    times: list[Hours]
    location: Literal["Asia/Ho_Chi_Minh"]


class MuteTime(Snake):
    org_id: Literal[1] = Field(alias="orgId")
    name: Present
    time_intervals: list[Interval]


class Alerting(Strict):
    api_version: Literal[1]
    groups: list[Group] = []
    contact_points: list[ContactPoint] = []
    policies: list[Policy] = []
    mute_times: list[MuteTime] = []


class ProviderOptions(Snake):
    path: Literal["/etc/grafana/provisioning/dashboards"]


class Provider(Strict):
    name: Present
    folder: Present
    folder_uid: Present
    type: Literal["file"]
    disable_deletion: bool
    allow_ui_updates: Literal[False]
    update_interval_seconds: int
    options: ProviderOptions


class Providers(Strict):
    api_version: Literal[1]
    providers: list[Provider]


def read(name: str) -> Any:
    return yaml.safe_load((PROVISIONING / name).read_text())


RULES = Alerting.model_validate(read("alerting/rules.yml"))
DELIVERY = Alerting.model_validate(read("alerting/delivery.yml"))
PANELS = [(uid, panel) for uid, board in BOARDS.items() for panel in board["panels"]]


def test_the_files_are_what_the_code_makes() -> None:
    """After a change: `make dashboards`."""
    written = {str(path.relative_to(PROVISIONING)): path.read_text() for path in PROVISIONING.rglob("*.json")}
    assert written | {"alerting/rules.yml": (PROVISIONING / "alerting" / "rules.yml").read_text()} == files()


@pytest.mark.parametrize("uid", BOARDS)
def test_the_sdk_knows_every_key_of_a_board(uid: str) -> None:
    again = json.loads(JSONEncoder().encode(Dashboard.from_json(BOARDS[uid])))
    assert again == BOARDS[uid], "what it does not know it drops: a misspelt key"


@pytest.mark.parametrize("uid", BOARDS)
def test_a_board_is_of_vietnam_and_of_the_provisioned_sources(uid: str) -> None:
    board = BOARDS[uid]
    assert (board["uid"], board["timezone"], board["editable"]) == (uid, "Asia/Ho_Chi_Minh", False)
    ids = [panel["id"] for panel in board["panels"]]
    titles = [panel["title"] for panel in board["panels"]]
    assert len(set(ids)) == len(ids)
    assert len(set(titles)) == len(titles)
    sources = {source["uid"]: source["type"] for source in read("datasources/datasources.yml")["datasources"]}
    for target in (target for panel in board["panels"] for target in panel.get("targets", ())):
        assert sources[target["datasource"]["uid"]] == target["datasource"]["type"]


@pytest.mark.parametrize(("uid", "panel"), [(uid, panel) for uid, panel in PANELS if panel["type"] != "row"])
def test_a_panel_says_in_vietnamese_that_there_is_nothing_and_overlaps_no_other(uid: str, panel: dict[str, Any]) -> None:
    assert re.search(r"[^\x00-\x7f]", panel["fieldConfig"]["defaults"]["noValue"])
    place = panel["gridPos"]
    assert place["x"] + place["w"] <= 24
    for other in (other for of, other in PANELS if of == uid and other is not panel):
        apart = [
            place[edge] + place[size] <= other["gridPos"][edge] or other["gridPos"][edge] + other["gridPos"][size] <= place[edge]
            for edge, size in (("x", "w"), ("y", "h"))
        ]
        assert any(apart), other["title"]


def test_boards_read_metrics_that_exist() -> None:
    metrics = {metric.name for metric in METRICS}
    asked = {
        name for _, panel in PANELS for target in panel.get("targets", ()) for name in re.findall(r"border_\w+", target.get("expr", ""))
    }
    assert asked
    assert {re.sub(r"_bucket$", "", name) for name in asked} <= metrics


def test_provisioned_boards_cannot_be_saved_over() -> None:
    (provider,) = Providers.model_validate(read("dashboards/dashboards.yml")).providers
    assert provider.options.path.removeprefix("/etc/grafana/provisioning/") == "dashboards"


def test_every_rule_asks_a_source_and_compares_what_it_says() -> None:
    rules = [rule for group in RULES.groups for rule in group.rules]
    assert len({rule.uid for rule in rules}) == len(rules)
    for group in RULES.groups:
        assert duration(group.interval) <= timedelta(seconds=10), "a shot is told within seconds"
    for rule in rules:
        query, threshold = rule.data
        assert query.datasource_uid == query.model["datasource"]["uid"]
        assert query.model["instant"] if query.datasource_uid == "prometheus" else query.model["format"] == "table"
        assert (threshold.ref_id, threshold.model["expression"]) == (rule.condition, query.ref_id)
        assert (threshold.model["type"], threshold.datasource_uid) == ("threshold", "__expr__")
        assert {"summary", "description", "runbook_url"} <= set(rule.annotations)
        assert rule.labels == {"severity": "critical"}


def test_every_alert_leads_to_a_section_of_a_runbook_and_every_variable_is_set() -> None:
    for rule in (rule for group in RULES.groups for rule in group.rules):
        page, _, section = rule.annotations["runbook_url"].removeprefix("/runbooks/").partition("#")
        sections = re.findall(r"^## (\w+)", (ROOT / "deploy" / "runbooks" / f"{page}.md").read_text(), re.MULTILINE)
        assert section in {title.lower() for title in sections}
    asked = set(re.findall(r"^[^#]*\$(\w+)", (PROVISIONING / "alerting" / "delivery.yml").read_text(), re.MULTILINE))
    assert asked
    assert asked <= set(load()["services"]["grafana"]["environment"])


def test_a_flash_alert_reaches_people_at_once_and_is_never_muted() -> None:
    (policy,) = DELIVERY.policies
    (route,) = policy.routes
    (point,) = DELIVERY.contact_points
    assert {policy.receiver, route.receiver} == {point.name}
    assert {receiver.type for receiver in point.receivers} == {"email", "webhook"}, "the mailbox does not hang on our own processes"
    assert duration(policy.group_wait) == timedelta()
    assert policy.mute_time_intervals == []
    assert "incident" in policy.group_by
    assert route.object_matchers == [("severity", "=", "warning")]
    assert route.mute_time_intervals == [mute.name for mute in DELIVERY.mute_times]
