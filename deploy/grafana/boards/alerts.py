"""The rules that Grafana itself evaluates: a shot reaches a person although Prometheus, Alertmanager and the notifier are down, and so does that.

A query gives a row for each alert: its texts are the alert's labels, its one number is compared with a threshold.
"""

from collections.abc import Mapping
from typing import Any, Literal

import yaml
from grafana_foundation_sdk.models.dashboard import DataSourceRef

from deploy.grafana.boards.names import name, place
from deploy.grafana.boards.queries import POSTGRES, PROMETHEUS, Sql, number_of

_Query = tuple[DataSourceRef, Mapping[str, object]]
"""Whom it asks, and what Grafana keeps of it."""

_HEADER = "# Written by `make dashboards` from deploy/grafana/boards/alerts.py.\n"
_MINUTES = "floor(extract(epoch FROM now() - {since}) / 60)::int AS minutes"
_FLASH = f"""
SELECT subject AS incident, class, kind, side, province, {name("kind")} AS kind_name, {name("side")} AS side_name, {name("province")} AS province_name,
coalesce({place()}, '') AS place, {name("post")} AS post_name, page, {_MINUTES.format(since="received_at")}
FROM attention WHERE class = 'flash' AND alerting AND acknowledged_at IS NULL
"""
_PROBE = f"SELECT {_MINUTES.format(since='max(recorded_at)')} FROM probe HAVING count(*) > 0"
# Prometheus has the same rule, and nobody to send it to.
_ALERTMANAGER = 'max(1 - up{job="alertmanager"}) or max(absent(up{job="alertmanager"}))'


def rules() -> str:
    """The file of rules."""
    flash = _rule(
        "vu-khan",
        "Vụ khẩn chưa ai nhận",
        _sql(_FLASH),
        above=-1,  # at once
        summary="KHẨN: {{ $labels.kind_name }}, {{ $labels.place }}, {{ $labels.province_name }}",
        description=(
            "Phía: {{ $labels.side_name }}. Đồn báo: {{ $labels.post_name }}. Trung tâm nhận tin {{ $values.A.Value }} phút trước, chưa ai nhận việc: "
            "mở trang của vụ việc, bấm nhận việc, gọi đồn."
        ),
        runbook="/runbooks/incidents#flash",
        link="{{ $labels.page }}",
    )
    probe = _rule(
        "duong-ghi-im-lang",
        "Đường ghi tin im lặng",
        _sql(_PROBE),
        above=3,
        summary="Không tin thăm dò nào được ghi từ {{ $values.A.Value }} phút nay",
        description="Tin của đồn có thể không đến được cơ sở dữ liệu, và vụ khẩn không báo được. Xem bảng Hệ thống và `mocgioi doctor`.",
        runbook="/runbooks/processes#probemissing",
    )
    alertmanager = _rule(
        "canh-bao-khong-gui",
        "Cảnh báo không gửi được",
        (PROMETHEUS, number_of(_ALERTMANAGER).build().to_json()),
        above=0,
        hold="1m",  # outlasts a restart
        failing="Alerting",  # Prometheus is away: then nothing is watched at all
        summary="Alertmanager hoặc Prometheus không trả lời",
        description=(
            "Cảnh báo về vụ việc và về hệ thống không đến được ai, trừ vụ khẩn, do Grafana tự báo. Mở trang trực ban và để đó; gọi người vận hành."
        ),
        runbook="/runbooks/processes#alertmanagerdown",
    )
    named = {"ho-so": [flash, probe], "giam-sat": [alertmanager]}
    groups = [{"orgId": 1, "name": name, "folder": "Mốc Giới", "interval": "10s", "rules": rules} for name, rules in named.items()]
    body = yaml.dump({"apiVersion": 1, "groups": groups}, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=140)
    return _HEADER + body


def _sql(query: str) -> _Query:
    return POSTGRES, Sql(query).build().to_json()


def _rule(
    uid: str,
    title: str,
    query: _Query,
    *,
    above: float,
    hold: str = "0s",
    failing: Literal["Error", "Alerting"] = "Error",  # the source cannot be asked: that is an alert of its own
    summary: str,
    description: str,
    runbook: str,
    **more: str,
) -> dict[str, Any]:
    source, model = query
    threshold = {
        "refId": "B",
        "type": "threshold",
        "expression": "A",
        "datasource": {"type": "__expr__", "uid": "__expr__"},
        "conditions": [{"evaluator": {"type": "gt", "params": [above]}}],
    }
    day = {"from": 86_400, "to": 0}
    return {
        "uid": uid,
        "title": title,
        "condition": "B",
        "data": [
            {"refId": "A", "datasourceUid": source.uid, "relativeTimeRange": day, "model": {**model, "datasource": source.to_json()}},
            {"refId": "B", "datasourceUid": "__expr__", "relativeTimeRange": day, "model": threshold},
        ],
        "for": hold,
        "noDataState": "OK",  # no row: nothing waits
        "execErrState": failing,
        "labels": {"severity": "critical"},
        "annotations": {"summary": summary, "description": description, "runbook_url": runbook} | more,
        "isPaused": False,
    }


class _Dumper(yaml.SafeDumper):
    """Writes SQL as lines."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _text)
