"""The health alerts: each fires, stays silent and resolves when it should, reads metrics that exist, and leads to a section of a runbook."""

import json
import re
import subprocess
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from schemas.metrics import METRICS
from tests.support import compose
from tests.support.debian import program

TESTS = Path(__file__).parent / "alerts"
RULES = compose.ROOT / "deploy" / "prometheus" / "rules"
RUNBOOKS = compose.ROOT / "deploy" / "runbooks"
GROUPS = sorted(file.stem for file in RULES.glob("*.yml"))
ALERTS: dict[str, dict[str, Any]] = {
    rule["alert"]: rule
    for group in GROUPS
    for part in yaml.safe_load((RULES / f"{group}.yml").read_text())["groups"]
    for rule in part["rules"]
}
NOT_OURS = {
    "up": "Prometheus",
    "process_start_time_seconds": "prometheus_client, in each of our processes",
    "prometheus_rule_evaluation_failures_total": "Prometheus",
    "alertmanager_notifications_failed_total": "Alertmanager",
}
"""Metrics of others that rules may read, and whose they are."""
INCIDENT_CLASSES = ("flash", "breach", "needs_facts", "deadline")
"""The sections of `incidents.md`: the notifier's alerts lead there, one section a class."""


def promtool(*words: str | Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([program("promtool"), *words], capture_output=True, text=True, check=False)


def cases_of(group: str) -> dict[str, Any]:
    """The tests of a group for promtool: what the rule says of every alert alike, its labels, description and runbook, is put in."""
    cases: dict[str, Any] = yaml.safe_load((TESTS / f"{group}.yml").read_text())
    for case in cases["tests"]:
        for check in case["alert_rule_test"]:
            rule = ALERTS[check["alertname"]]
            check["exp_alerts"] = [
                {
                    "exp_labels": rule["labels"] | alert.get("exp_labels", {}),
                    "exp_annotations": rule["annotations"] | alert["exp_annotations"],
                }
                for alert in check["exp_alerts"]
            ]
    return cases


def checked_by_promtool(group: str, rules: str, folder: Path, alert: str | None = None) -> "subprocess.CompletedProcess[str]":
    """What the tests of a group say of these rules; of one alert, only the tests that look at it."""
    cases = cases_of(group)
    cases["tests"] = [case for case in cases["tests"] if alert in {None, *(check["alertname"] for check in case["alert_rule_test"])}]
    (folder / f"{group}.yml").write_text(rules)
    (folder / "tests.json").write_text(json.dumps(cases))
    return promtool("test", "rules", folder / "tests.json")


@pytest.mark.parametrize("group", GROUPS)
def test_the_alerts_fire_when_they_should_and_only_then(group: str, tmp_path: Path) -> None:
    done = checked_by_promtool(group, (RULES / f"{group}.yml").read_text(), tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_alert_is_seen_before_while_and_after_it_fires() -> None:
    seen: dict[str, list[str]] = defaultdict(list)
    for group in GROUPS:
        for case in cases_of(group)["tests"]:
            by_alert: dict[str, list[tuple[float, bool]]] = defaultdict(list)
            for check in case["alert_rule_test"]:
                by_alert[check["alertname"]].append((_seconds(check["eval_time"]), bool(check["exp_alerts"])))
            for alert, moments in by_alert.items():
                seen[alert].append("".join("!" if firing else "." for _, firing in sorted(moments)))
    assert [alert for alert in ALERTS if not any(re.search(r"\.!+\.", course) for course in seen[alert])] == []


@pytest.mark.parametrize(
    ("alert", "part", "changed"),
    [
        ("DoorFailing", '"5xx"', '"4xx"'),
        ("EventsMissing", "for: 1h", "for: 2h"),
        ("PostSilent", "26 * 3600", "25 * 3600"),
        ("PostSilent", "> 0) > 26", ">= 0) > 26"),
        ("PostSilent", "and on () max(border_posts_silent) > 0", ""),
        ("ReportsNotRun", "> 0)", ">= 0)"),
        ("ReportRunFailed", "== 0", "== 1"),
        ("WorkerDown", 'or max by (service) (absent(up{job="workers", service="record"}))', ""),
        ("DoorDown", 'or max(absent(up{job="door"}))', ""),
        ("NotifierDown", "for: 45s", "for: 75s"),
        ("ProcessRestarting", ">= 3", ">= 2"),
        ("ProbeMissing", "> 0 or min(process_start_time_seconds{", "or min(process_start_time_seconds{"),
        ("FlashUnacknowledged", "_seconds > 0)", "_seconds)"),
        ("FlashUnacknowledged", "> 120", "> 180"),
        ("DiskFull", '{service="record"}', ""),
        ("CertificateExpiring", "0.25 *", "0.4 *"),
        ("RecountDiffers", "abs(border_recount_difference)", "border_recount_difference"),
        ("OtherTooMany", "> 0.05", ">= 0.05"),
        ("SecretReceived", "[1d]", "[1h]"),
    ],
)
def test_the_tests_would_see_another_limit(alert: str, part: str, changed: str, tmp_path: Path) -> None:
    for group in GROUPS:
        before, name, rest = (RULES / f"{group}.yml").read_text().partition(f"- alert: {alert}\n")
        if name:
            assert part in rest
            assert checked_by_promtool(group, before + name + rest.replace(part, changed, 1), tmp_path, alert).returncode == 1
            return
    pytest.fail("no such alert")


def test_every_alert_has_a_severity_a_team_and_a_text_that_needs_no_other_page() -> None:
    for name, rule in ALERTS.items():
        assert rule["labels"].keys() >= {"severity", "team"}, name
        assert rule["labels"]["severity"] in {"warning", "critical"}, name
        assert rule["labels"]["team"] in {"duty", "operators"}, name
        assert rule["annotations"].keys() == {"summary", "description", "runbook_url"}, name
        assert "{{" not in rule["annotations"]["description"], f"{name}: the tests of alerts put it in as it stands"
        assert re.search("[ạảấầậẩđêôơư]", rule["annotations"]["summary"] + rule["annotations"]["description"]), name


def test_a_killed_process_is_an_alert_within_two_minutes() -> None:
    prometheus = yaml.safe_load((RULES.parent / "prometheus.yml").read_text())
    longest_wait = 2 * _seconds(prometheus["global"]["scrape_interval"]) + _seconds(prometheus["global"]["evaluation_interval"])
    down = [rule for rule in ALERTS.values() if "up{" in rule["expr"] or "border_waiting" in rule["expr"]]
    assert len(down) == 8
    assert all("absent(up{" in rule["expr"] or "border_waiting" in rule["expr"] for rule in down), "a target that is gone is down too"
    assert all(_seconds(rule["for"]) + longest_wait <= 100 for rule in down), "twenty seconds are left for Alertmanager"


def test_the_alerts_read_metrics_that_exist() -> None:
    ours = {name for metric in METRICS for name in (metric.name, f"{metric.name}_count", f"{metric.name}_sum", f"{metric.name}_bucket")}
    for name, rule in ALERTS.items():
        metrics = _metrics(rule["expr"])
        assert metrics, name
        assert metrics <= ours | NOT_OURS.keys(), name


def test_the_jobs_and_services_that_alerts_name_are_scraped() -> None:
    jobs = {job["job_name"] for job in yaml.safe_load((RULES.parent / "prometheus.yml").read_text())["scrape_configs"]}
    for name, rule in ALERTS.items():
        named = {word for words in re.findall(r'job=~?"([^"]+)"', rule["expr"]) for word in words.split("|")}
        assert named <= jobs, name
        assert set(re.findall(r'service="([^"]+)"', rule["expr"])) <= {"classify", "record"}, name


def test_every_alert_leads_to_its_section_and_every_section_has_its_alert() -> None:
    sections = {
        f"/runbooks/{page.stem}#{anchor.lower()}": text
        for page in RUNBOOKS.glob("*.md")
        for anchor, text in re.findall(r"^## (\w+)\n(.*?)(?=^## |\Z)", page.read_text(), re.MULTILINE | re.DOTALL)
    }
    alerts = {rule["annotations"]["runbook_url"]: name for name, rule in ALERTS.items()}
    assert all(link.endswith(f"#{name.lower()}") for link, name in alerts.items())
    assert sections.keys() == alerts.keys() | {f"/runbooks/incidents#{name}" for name in INCIDENT_CLASSES}
    for link, text in sections.items():
        positions = [text.find(f"**{word}**") for word in ("Nghĩa là.", "Xem.", "Làm.", "Gọi.")]
        assert positions == sorted(positions), link
        assert -1 not in positions, f"{link}: what it means, what to look at, what to do, whom to call"


def _metrics(expression: str) -> set[str]:
    """The metrics that a PromQL expression reads: names that are no function, keyword, label or text."""
    bare = re.sub(r'"[^"]*"|\{[^}]*\}|\[[^\]]*\]|\boffset \w+|\b(?:by|without|on|ignoring)\s*\([^)]*\)', "", expression)
    return {name for name in re.findall(r"[a-z_][a-z_0-9]*(?!\w|\s*\()", bare) if name not in {"or", "and", "unless", "bool"}}


def _seconds(duration: str) -> float:
    units: Mapping[str, int] = {"s": 1, "m": 60, "h": 3600, "d": 86400}
    return sum(int(number) * units[unit] for number, unit in re.findall(r"(\d+)([smhd])", duration))
