"""The way from a device's report to a person, as it is shipped: the door with its notifier, and Alertmanager's own configuration."""

import os
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from tests import builders
from tests.support.door import Enrolled
from tests.support.workers import ROOT

TOKEN = "alerts-of-this-test"


def shipped_config(folder: Path, *, door: str, webhook: str) -> dict[str, Any]:
    """What `deploy/alertmanager` makes for a door at `host:port` and a person's webhook, without e-mail."""
    settings = {"ALERTS_TOKEN": TOKEN, "DOOR": door, "WEBHOOK_URL": webhook, "SMTP_ENABLED": "false", "SMTP_PASSWORD": "", "DUTY_EMAIL": ""}
    environment = settings | {"CONFIG_FOLDER": str(folder / "made"), "PATH": os.defpath}
    subprocess.run(["/bin/sh", ROOT / "deploy" / "alertmanager" / "start.sh", "true"], env=environment, check=True)
    config: dict[str, Any] = yaml.safe_load((folder / "made" / "alertmanager.yml").read_text())
    return config


def notifying(port: int) -> dict[str, str]:
    """A door's settings with Alertmanager on this port."""
    return {
        "MOCGIOI_ALERTMANAGER": f"http://127.0.0.1:{port}",
        "MOCGIOI_ALERTS_TOKEN": TOKEN,
        "MOCGIOI_PUBLIC_URL": "https://mocgioi.example",
    }


def shooting(device: Enrolled, sequence: int, **changes: Any) -> dict[str, Any]:
    """A device's report, of now, of shots twenty minutes ago."""
    now = datetime.now(builders.HANOI)
    occurred = {"start": (now - timedelta(minutes=20)).isoformat(), "precision": "minute"}
    data = builders.incident(kind="shooting", facts={}, occurred=occurred) | changes
    return builders.reported(data, time=now.astimezone(UTC).isoformat(), source=device.source, sequence=f"{sequence:08d}")
