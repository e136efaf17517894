"""docker-compose.yml without Docker: its services' own commands, environment and settings as processes of this machine.

Service names become loopback addresses, fixed ports become free ones; nothing else of what the file says is changed. Each process gets a
host name of its own, as a container would: static group membership is derived from it.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import psycopg
import yaml
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from sinks.postgres.binaries import find, runner
from sinks.postgres.server import EmbeddedServer
from tests.support.kafka import Broker, free_port, java

ROOT = Path(__file__).parents[2]
FILE = ROOT / "docker-compose.yml"
DOCKERFILE = ROOT / "deploy" / "Dockerfile"
VARIABLE = re.compile(r"\$\{(?P<name>\w+)(?::?\?[^}]*)?\}")
HEALTHY_S = 60.0
OWNER = "mocgioi_owner"
"""The role that migrates; the others' names are in `sinks.postgres.roles`."""


def variables() -> dict[str, str]:
    """What .env.example sets."""
    lines = (ROOT / ".env.example").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def load() -> dict[str, Any]:
    """The compose file with the variables of .env.example put in. Raises `KeyError` for a variable it does not set."""
    values = variables()

    def filled(node: Any) -> Any:
        match node:
            case dict():
                return {key: filled(value) for key, value in node.items()}
            case list():
                return [filled(value) for value in node]
            case str():
                return VARIABLE.sub(lambda match: values[match["name"]], node)
        return node

    return {name: filled(part) for name, part in yaml.safe_load(FILE.read_text()).items() if not name.startswith("x-")}


def dockerfile(instruction: str) -> list[str]:
    """The words of the last exec-form `[…]` of an instruction of the image."""
    text = DOCKERFILE.read_text().replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.startswith(f"{instruction} ")]
    words: list[str] = json.loads(lines[-1][lines[-1].index("[") :])
    return words


def kafka(service: Mapping[str, Any], folder: Path) -> tuple[Broker, dict[str, str]]:
    """A broker of the service's own KAFKA_* settings, and what its addresses are here. The class the image starts with makes its files."""
    settings = {name: str(value) for name, value in service["environment"].items()}
    ports = {port: free_port() for port in re.findall(r":(\d+)", settings["KAFKA_LISTENERS"])}
    local = {name: _loopback(value, ports) if name.endswith(("LISTENERS", "VOTERS")) else value for name, value in settings.items()}
    local["KAFKA_LOG_DIRS"] = str(folder / "data")
    defaults, mounted, final = (folder / name for name in ("defaults", "mounted", "final"))
    for directory in (defaults, mounted, final):
        directory.mkdir(parents=True)
    for name in ("server.properties", "log4j2.yaml", "tools-log4j2.yaml"):
        (defaults / name).write_text("# the image's own\n")
    java(
        *("kafka.docker.KafkaDockerWrapper", "setup", "--default-configs-dir", str(defaults)),
        *("--mounted-configs-dir", str(mounted), "--final-configs-dir", str(final)),
        environment=local,
    )
    advertised = re.findall(r"//(\w+:(\d+))", settings["KAFKA_ADVERTISED_LISTENERS"])
    inside = advertised[0][1]
    return Broker(final / "server.properties", ports[inside]), {address: f"127.0.0.1:{ports[port]}" for address, port in advertised}


def _loopback(value: str, ports: Mapping[str, int]) -> str:
    """`PLAINTEXT://:9092` and `1@kafka:9093` as loopback addresses with the ports given."""
    return re.sub(r"(//|@)\w*:(\d+)", lambda match: f"{match[1]}127.0.0.1:{ports[match[2]]}", value)


def initialise(service: Mapping[str, Any], server: EmbeddedServer) -> str:
    """Make of a new server what the postgres image makes of a new volume; gives host:port. Needs the server's TCP port.

    The image's superuser and database are the ones of the environment, then the mounted scripts run through psql.
    """
    settings = service["environment"]
    superuser, password, database = settings["POSTGRES_USER"], settings["POSTGRES_PASSWORD"], settings["POSTGRES_DB"]
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute("CREATE ROLE first SUPERUSER LOGIN")
    as_first = re.sub("//[^@]*@", "//first@", server.url)
    with psycopg.connect(as_first, autocommit=True) as connection:  # nobody can rename himself
        connection.execute(sql.SQL("ALTER ROLE mocgioi RENAME TO {}").format(sql.Identifier(superuser)))
        connection.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(superuser), sql.Literal(password)))
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database)))
    address = f"127.0.0.1:{conninfo_to_dict(server.url)['port']}"
    run_init(service, address)
    return address


def run_init(service: Mapping[str, Any], address: str) -> None:
    """Run the mounted scripts as the image does, and as a person may on an older volume."""
    settings = service["environment"]
    superuser, password, database = settings["POSTGRES_USER"], settings["POSTGRES_PASSWORD"], settings["POSTGRES_DB"]
    url = f"postgresql://{superuser}:{password}@{address}/{database}"
    psql = str(find(None, None, runner()) / "psql")
    for script in sorted((ROOT / "deploy" / "postgres" / "init").iterdir()):
        command = [psql, "-v", "ON_ERROR_STOP=1", "--no-password", "--no-psqlrc", "--dbname", url, "--file", str(script)]
        subprocess.run(command, check=True, capture_output=True, text=True, timeout=60, env=settings | {"PATH": os.defpath})


@dataclass
class Process:
    """One container's worth of process."""

    service: str
    environment: dict[str, str]
    log: Path
    popen: subprocess.Popen[bytes] = field(repr=False)

    def healthy(self) -> bool:
        """What the image's own health check says."""
        check = [sys.executable if word == "python" else word for word in dockerfile("HEALTHCHECK")]
        return subprocess.run(check, env=self.environment, capture_output=True, timeout=10, check=False).returncode == 0

    def wait_healthy(self) -> None:
        """Wait for the health check. Raises `RuntimeError` with the log if the process ends or is too slow."""
        deadline = time.monotonic() + HEALTHY_S
        while not self.healthy():
            if self.popen.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{self.service} is not healthy (exit {self.popen.poll()}):\n{self.log.read_text()[-6000:]}")
            time.sleep(0.1)

    def metrics(self) -> str:
        """Its metrics page, as Prometheus scrapes it."""
        with urlopen(f"http://127.0.0.1:{self.environment['MOCGIOI_METRICS_PORT']}/metrics", timeout=5) as answer:
            page: bytes = answer.read()
        return page.decode()

    def terminate(self, within_s: float) -> int:
        """Send SIGTERM; gives the exit status. Raises `subprocess.TimeoutExpired` if it takes longer."""
        self.popen.send_signal(signal.SIGTERM)
        return self.popen.wait(within_s)

    def kill(self) -> None:
        """End it, whatever it does."""
        self.popen.kill()
        self.popen.wait()


@dataclass
class Installation:
    """Our services over parts that run already."""

    services: Mapping[str, Any]
    addresses: Mapping[str, str]
    """What each `name:port` of the compose file is on this machine."""
    folder: Path
    started: list[Process] = field(default_factory=list)

    def environment(self, service: str) -> dict[str, str]:
        """The environment of one more container of the service: the image's and the file's, with addresses and port of this machine."""
        home = self.folder / f"home-{len(self.started)}"
        home.mkdir(exist_ok=True)
        declared = {name: str(value) for name, value in self.services[service]["environment"].items()}
        for name, address in self.addresses.items():
            declared = {key: value.replace(name, address) for key, value in declared.items()}
        return declared | {
            "MOCGIOI_METRICS_PORT": str(free_port()),
            "MOCGIOI_HOME": str(home),
            "HOME": str(home),
            "PATH": os.defpath,
            "LANG": "C.UTF-8",
        }

    def start(self, service: str) -> Process:
        """Start one more container's worth of the service."""
        environment = self.environment(service)
        host = f"{service}-{len(self.started)}"
        log = self.folder / f"{host}.log"
        fixed = self.services[service]["environment"].get("MOCGIOI_METRICS_PORT")
        words = [environment["MOCGIOI_METRICS_PORT"] if word == fixed else word for word in self.services[service]["command"]]
        command = [*_own_host_name(host), *entrypoint(), *words]
        with log.open("wb") as output:
            popen = subprocess.Popen(command, env=environment, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
        process = Process(service, environment, log, popen)
        self.started.append(process)
        return process

    def run(self, service: str, timeout_s: float = 60) -> str:
        """Run a one-shot service to its end; gives what it said. Raises `RuntimeError` with that if it fails."""
        process = self.start(service)
        try:
            status = process.popen.wait(timeout_s)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
        if status:
            raise RuntimeError(f"{service} ended with {status}:\n{process.log.read_text()}")
        return process.log.read_text()

    def logs(self) -> str:
        """The end of what each process has said."""
        return "\n".join(f"--- {process.log.name}\n{process.log.read_text()[-3000:]}" for process in self.started)

    def end(self) -> None:
        """Leave nothing running."""
        for process in self.started:
            if process.popen.poll() is None:
                process.kill()


def entrypoint() -> list[str]:
    """The image's entry point as it is installed beside this Python. Raises `RuntimeError` with what to do if it is not."""
    name, *rest = dockerfile("ENTRYPOINT")
    program = shutil.which(name, path=Path(sys.executable).parent)
    if program is None:
        raise RuntimeError(f"the command {name} is not installed beside {sys.executable}: uv pip install --no-deps --editable .")
    return [program, *rest]


def _own_host_name(name: str) -> list[str]:
    """A command before the command that gives it a host name of its own, in the same process, and ends it should this one be killed."""
    rights = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    return ["unshare", *rights, "--uts", "setpriv", "--pdeathsig", "KILL", "/bin/sh", "-c", 'hostname "$0" && exec "$@"', name]
