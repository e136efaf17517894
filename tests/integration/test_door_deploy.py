"""The door where it runs by itself: behind Caddy, and in Kubernetes."""

import os
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import yaml

from tests import builders
from tests.support import compose
from tests.support.debian import program
from tests.support.door import door
from tests.support.kafka import free_port
from tests.support.workers import wait_until
from web.form.page import page

ROOT = compose.ROOT
SERVICES = compose.load()["services"]
CADDYFILE = ROOT / "deploy" / "caddy" / "Caddyfile"
DEPLOYMENT = ROOT / "deploy" / "k8s" / "door.yaml"
DOCUMENTS = {document["kind"]: document for document in yaml.safe_load_all(DEPLOYMENT.read_text())}
POD = DOCUMENTS["Deployment"]["spec"]["template"]["spec"]
(CONTAINER,) = POD["containers"]


@contextmanager
def caddy(folder: Path, upstream: str, port: int, metrics_port: int = 0) -> Iterator[Path]:
    """Caddy with our file before a door; gives the root certificate of its own authority."""
    environment = os.environ | {
        "DOOR_HOST": SERVICES["caddy"]["environment"]["DOOR_HOST"],
        "DOOR_UPSTREAM": upstream,
        "HTTPS_PORT": str(port),
        "HTTP_PORT": str(free_port()),
        "CADDY_ADMIN": f"localhost:{free_port()}",
        "METRICS_PORT": str(metrics_port or free_port()),
        "XDG_DATA_HOME": str(folder / "data"),
        "XDG_CONFIG_HOME": str(folder / "config"),
        "HOME": str(folder),
    }
    root = folder / "data" / "caddy" / "pki" / "authorities" / "local" / "root.crt"
    command = [program("caddy", "caddy"), "run", "--config", CADDYFILE, "--adapter", "caddyfile"]
    with (folder / "caddy.log").open("wb") as log, subprocess.Popen(command, env=environment, stdout=log, stderr=log) as process:
        try:
            wait_until(lambda: process.poll() is not None or (root.exists() and _speaks_tls(port, root)), "Caddy's TLS")
            assert process.poll() is None, (folder / "caddy.log").read_text()[-3000:]
            yield root
        finally:
            process.terminate()


def _speaks_tls(port: int, root: Path) -> bool:
    """Whether a certificate that this root vouches for is served: the root is written before the port is open."""
    try:
        trusted = ssl.create_default_context(cafile=root)
        with socket.create_connection(("localhost", port), 5) as line, trusted.wrap_socket(line, server_hostname="localhost"):
            return True
    except OSError:
        return False


def test_a_post_reports_through_caddy_over_tls(tmp_path: Path) -> None:
    port, metrics_port = free_port(), free_port()
    with door(tmp_path) as running, caddy(tmp_path, f"127.0.0.1:{running.port}", port, metrics_port) as root:
        device = running.enrol()
        event = builders.payload(builders.reported(source=device.source, sequence="00000001"))
        headers = {"Authorization": f"Bearer {device.key}"}
        trusted = ssl.create_default_context(cafile=root)
        with httpx.Client(base_url=f"https://localhost:{port}", verify=trusted, headers=headers, timeout=30) as client:
            answer = client.post("/v1/events", content=event, headers={"content-type": "application/cloudevents+json"})
            assert answer.status_code == 202
            assert "max-age" in answer.headers["strict-transport-security"]
            assert {client.get(path).status_code for path in ("/metrics", "/readyz", "/healthz", "/duty/alerts")} == {404}
            assert "caddy_" in httpx.get(f"http://127.0.0.1:{metrics_port}/metrics").text, "for Prometheus, on a port of its own"
            assert client.get("/v1/codebook").json()["kinds"]
            # Who is behind the proxy is another machine to the door, and its word on itself is not taken.
            lied = client.get("/v1/receipts", headers={"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "http"})
            assert lied.status_code == 200
            too_large = client.post("/v1/events", content=b"x" * (600 * 1024), headers={"content-type": "application/cloudevents+json"})
            assert (too_large.status_code, too_large.json()["code"]) == (413, "too_large")


def test_a_proxy_that_is_not_trusted_cannot_vouch_for_tls(tmp_path: Path) -> None:
    with door(tmp_path, MOCGIOI_DOOR_PROXIES="192.0.2.1") as running:
        forged = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"}
        assert httpx.get(f"{running.url}/v1/codebook", headers=forged).status_code == 200  # loopback, whatever it says of itself
    with door(tmp_path, MOCGIOI_DOOR_PROXIES="127.0.0.1") as running:
        plain = httpx.get(f"{running.url}/v1/codebook", headers={"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "http"})
        assert (plain.status_code, plain.json()["code"]) == (403, "tls")
        assert httpx.get(f"{running.url}/v1/codebook", headers=forged).status_code == 200


def test_the_cluster_keeps_a_door_that_takes_events_while_the_database_is_away() -> None:
    for probe in ("readinessProbe", "livenessProbe"):
        assert CONTAINER[probe]["httpGet"]["path"] == "/healthz"


def test_only_what_posts_and_officers_need_is_let_in_from_outside() -> None:
    (rule,) = DOCUMENTS["Ingress"]["spec"]["rules"]
    paths = {path["path"]: path["pathType"] for path in rule["http"]["paths"]}
    assert {path for path, kind in paths.items() if kind == "Prefix"} == {"/v1", "/form", "/duty", "/runbooks"}
    assert not {"/metrics", "/readyz", "/healthz"} & set(paths)
    assert {path for path in page(b"{}") if not path.startswith("/form/")} == {path for path, kind in paths.items() if kind == "Exact"}
