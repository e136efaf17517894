"""Alertmanager as it is shipped: whom an alert reaches, how soon, and what keeps it away from people."""

import json
import os
import re
import subprocess
from pathlib import Path

import httpx
import pytest
import yaml

from tests.integration.test_alerts import ALERTS
from tests.support import compose
from tests.support.alertmanager import PACKAGE, alertmanager, hook
from tests.support.debian import program
from tests.support.kafka import free_port
from tests.support.workers import wait_until

SERVICE = compose.load()["services"]["alertmanager"]
FOLDER = compose.ROOT / "deploy" / "alertmanager"
EVERYTHING = {
    "SMTP_ENABLED": "true",
    "WEBHOOK_URL": "https://tin-nhan.example.vn/gui?don-vi=1&kieu=sms",
    "SMTP_PASSWORD": "p&ss|w\\ord",
}
SHOT = {"alertname": "BorderIncident", "severity": "critical", "class": "flash", "incident": "inc-1", "kind": "shooting", "to": "chi-huy"}
BREACH = {"alertname": "BorderIncident", "severity": "warning", "class": "breach", "incident": "inc-2", "kind": "works", "side": "CN"}


def configuration(folder: Path, **settings: str) -> Path:
    """The configuration that the container writes, of the settings of .env.example and these."""
    environment = {name: str(value) for name, value in SERVICE["environment"].items()}
    environment |= settings | {"CONFIG_FOLDER": str(folder), "PATH": os.defpath}
    subprocess.run(["/bin/sh", FOLDER / "start.sh", "true"], env=environment, check=True)
    return folder / "alertmanager.yml"


def amtool(*words: str | Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([program("amtool", PACKAGE), *words], capture_output=True, text=True, check=False)


@pytest.mark.parametrize("settings", [{}, EVERYTHING, {"SMTP_ENABLED": "true"}, {"WEBHOOK_URL": "http://sms:8000/"}])
def test_whatever_is_set_makes_a_configuration_that_alertmanager_takes(settings: dict[str, str], tmp_path: Path) -> None:
    file = configuration(tmp_path, **settings)
    checked = amtool("check-config", file)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    config = yaml.safe_load(file.read_text())
    for receiver in config["receivers"]:
        assert ("email_configs" in receiver) is ("SMTP_ENABLED" in settings)
        ledger, *gateways = receiver["webhook_configs"]
        assert ledger["url"] == "http://door:8080/duty/alerts", "whatever is sent comes back to the ledger"
        assert Path(ledger["http_config"]["authorization"]["credentials_file"]).read_text() == SERVICE["environment"]["ALERTS_TOKEN"]
        assert [gateway["url"] for gateway in gateways] == [value for name, value in settings.items() if name == "WEBHOOK_URL"]
    assert re.findall(r"\$\{|# if ", file.read_text().split("\nglobal:")[1]) == []


def test_secrets_are_in_files_that_nobody_else_reads_and_not_in_the_configuration(tmp_path: Path) -> None:
    file = configuration(tmp_path / "config", **EVERYTHING)
    secret = tmp_path / "config" / "smtp-password"
    assert secret.read_text() == EVERYTHING["SMTP_PASSWORD"]
    assert (secret.stat().st_mode & 0o77, secret.parent.stat().st_mode & 0o77) == (0, 0)
    assert SERVICE["environment"]["ALERTS_TOKEN"] not in file.read_text()
    assert EVERYTHING["SMTP_PASSWORD"] not in file.read_text()


def test_a_misspelt_key_would_be_seen(tmp_path: Path) -> None:
    file = configuration(tmp_path)
    file.write_text(file.read_text().replace("group_wait", "group_weight"))
    assert amtool("check-config", file).returncode == 1


def test_every_alert_reaches_the_team_it_names_and_every_incident_the_officer_on_duty(tmp_path: Path) -> None:
    file = configuration(tmp_path)
    receivers = {"duty": "truc-ban", "operators": "van-hanh"}
    labels = {name: {"alertname": name} | rule["labels"] for name, rule in ALERTS.items()}
    ways = {tuple(sorted(own.items() - {("alertname", name)})): own for name, own in labels.items()}
    assert len(ways) == 5, "flash, and each team with each severity"
    for own in [*ways.values(), SHOT, BREACH, {"alertname": "Stranger"}]:
        wanted = receivers[own.get("team", "duty" if own["alertname"] == "BorderIncident" else "operators")]
        words = [f"{name}={value}" for name, value in own.items()]
        tried = amtool("config", "routes", "test", f"--config.file={file}", f"--verify.receivers={wanted}", *words)
        assert tried.returncode == 0, f"{own} {tried.stdout}{tried.stderr}"


def test_nothing_keeps_a_flash_incident_back_and_only_warnings_wait_for_the_morning(tmp_path: Path) -> None:
    config = yaml.safe_load(configuration(tmp_path).read_text())
    routes = [route for top in config["route"]["routes"] for route in (top, *top.get("routes", []))]
    flash, incidents = routes[:2]
    assert flash["matchers"] == ['class="flash"'], "the first that matches wins"
    assert (flash["group_wait"], flash["repeat_interval"]) == ("0s", "2m")
    assert {"incident", "to"} <= set(flash["group_by"]) == set(incidents["group_by"])
    muted = [route["matchers"] for route in routes if "mute_time_intervals" in route]
    assert muted == [['alertname="BorderIncident"'], ['severity="warning"']]
    assert "mute_time_intervals" not in config["route"]
    (night,) = (interval["time_intervals"][0] for interval in config["time_intervals"])
    assert night["location"] == "Asia/Ho_Chi_Minh"
    assert [tuple(times.values()) for times in night["times"]] == [("22:00", "24:00"), ("00:00", "06:00")]


def test_only_what_follows_from_another_alert_is_inhibited(tmp_path: Path) -> None:
    config = yaml.safe_load(configuration(tmp_path).read_text())
    names = {
        side: {
            name
            for rule in config["inhibit_rules"]
            for matcher in rule[f"{side}_matchers"]
            if (match := re.fullmatch(r'alertname=~?"(.*)"', matcher))
            for name in match[1].split("|")
        }
        for side in ("source", "target")
    }
    assert names["source"] | names["target"] <= ALERTS.keys()
    assert all(any("alertname" in matcher for matcher in rule["target_matchers"]) for rule in config["inhibit_rules"])
    assert not names["target"] & {name for name, rule in ALERTS.items() if rule["labels"].get("class") == "flash"}
    assert all(ALERTS[name]["labels"]["severity"] == "critical" for name in names["source"])


def test_an_alert_reads_well_in_a_mail(tmp_path: Path) -> None:
    configuration(tmp_path)
    annotations = {"summary": "KHẨN: nổ súng tại mốc 1088/2", "description": "Phía CN.", "runbook_url": "/runbooks/incidents#flash"}
    alert = {"status": "firing", "labels": SHOT, "annotations": annotations}
    linked = alert | {"annotations": annotations | {"link": "https://a/duty/incidents/inc-1", "runbook_url": "https://a/r#flash"}}
    shown = {}
    for name, alerts in {"one": [alert], "two": [linked, alert]}.items():
        data = tmp_path / f"{name}.json"
        data.write_text(json.dumps({"status": "firing", "alerts": alerts, "commonLabels": SHOT}))
        for part in ("subject", "text"):
            text = f'{{{{ template "mocgioi.{part}" . }}}}'
            words = ("template", "render", f"--template.glob={tmp_path}/mail.tmpl", f"--template.data={data}", f"--template.text={text}")
            done = amtool(*words)
            assert done.returncode == 0, done.stderr
            shown[name, part] = done.stdout
    assert shown["one", "subject"].strip() == "[GẤP] KHẨN: nổ súng tại mốc 1088/2"
    assert shown["two", "subject"].strip() == "[GẤP] KHẨN: nổ súng tại mốc 1088/2 (và 1 cảnh báo khác)"
    assert shown["one", "text"].startswith("KHẨN: nổ súng tại mốc 1088/2\nPhía CN.\nSổ tay: https://localhost/runbooks/incidents#flash\n")
    assert "Vụ việc: https://a/duty/incidents/inc-1\nSổ tay: https://a/r#flash\n" in shown["two", "text"]


def test_a_shot_reaches_gateway_and_ledger_at_once_although_the_database_is_away(tmp_path: Path) -> None:
    with hook() as ledger, hook() as gateway:
        config = yaml.safe_load(
            configuration(tmp_path, DOOR=ledger.url.removeprefix("http://").rstrip("/"), WEBHOOK_URL=gateway.url).read_text()
        )
        with alertmanager(tmp_path, free_port(), config) as url:
            labels = [{"alertname": "DatabaseAway", "severity": "critical"}, {"alertname": "ProbeMissing"}, SHOT]
            httpx.post(f"{url}/api/v2/alerts", json=[{"labels": own} for own in labels]).raise_for_status()
            wait_until(lambda: ledger.payloads and gateway.payloads, "the webhooks")
            for payload in (ledger.payloads[0], gateway.payloads[0]):
                assert (payload["receiver"], payload["status"]) == ("truc-ban", "firing")
                assert [alert["labels"] for alert in payload["alerts"]] == [SHOT], "what else there is waits to be collected"
            states = {alert["labels"]["alertname"]: alert["status"]["state"] for alert in httpx.get(f"{url}/api/v2/alerts").json()}
            assert states == {"DatabaseAway": "active", "ProbeMissing": "suppressed", "BorderIncident": "active"}
