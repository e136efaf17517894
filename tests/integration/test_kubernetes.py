"""deploy/k8s: complete, valid, held in, and true to docker-compose.yml and to Prometheus."""

import re
import subprocess
from pathlib import Path
from typing import Any, Literal

import pytest
import yaml
from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from mocgioi.service.settings import Settings
from tests.support import compose
from tests.support.debian import program
from tests.support.kubernetes import validated

FOLDER = compose.ROOT / "deploy" / "k8s"
FILES = sorted(set(FOLDER.glob("*.yaml")) - {FOLDER / "kustomization.yaml"})
PROMETHEUS = compose.ROOT / "deploy" / "prometheus"
DOCUMENTS: list[dict[str, Any]] = [document for file in FILES for document in yaml.safe_load_all(file.read_text())]
SERVICES = compose.load()["services"]
COMPONENT = "app.kubernetes.io/component"


def of_kind(*kinds: str) -> dict[str, dict[str, Any]]:
    return {document["metadata"]["name"]: document for document in DOCUMENTS if document["kind"] in kinds}


def pods() -> dict[str, dict[str, Any]]:
    """The template of each workload's pods."""
    jobs = {name: job["spec"]["jobTemplate"]["spec"]["template"] for name, job in of_kind("CronJob").items()}
    return jobs | {name: workload["spec"]["template"] for name, workload in of_kind("Deployment", "StatefulSet", "Job").items()}


RUNNING = of_kind("Deployment", "StatefulSet")
"""What always runs, and has metrics."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", alias_generator=to_camel)


class _Generator(_Strict):
    name: str
    literals: list[str]


class _Image(_Strict):
    name: str
    new_tag: str


class Kustomization(_Strict):
    """The keys of a kustomization that ours has."""

    api_version: Literal["kustomize.config.k8s.io/v1beta1"]
    kind: Literal["Kustomization"]
    namespace: str
    resources: list[str]
    config_map_generator: list[_Generator]
    images: list[_Image]


KUSTOMIZATION = Kustomization.model_validate(yaml.safe_load((FOLDER / "kustomization.yaml").read_text()))


def test_kubernetes_takes_every_file_and_would_see_a_misspelt_key(tmp_path: Path) -> None:
    everything = tmp_path / "everything.yaml"
    everything.write_text("---\n".join(file.read_text() for file in FILES))
    valid = validated(everything)
    assert valid.returncode == 0, valid.stdout + valid.stderr
    everything.write_text(everything.read_text().replace("maxUnavailable:", "maxUnavailabel:"))
    assert validated(everything).returncode != 0


def test_the_kustomization_lists_every_file_and_makes_what_pods_ask_for() -> None:
    assert sorted(KUSTOMIZATION.resources) == [file.name for file in FILES]
    assert KUSTOMIZATION.namespace in of_kind("Namespace")
    assert [f"{image.name}:{image.new_tag}" for image in KUSTOMIZATION.images] == [SERVICES["door"]["image"]]
    generated = {
        generator.name: dict(literal.split("=", 1) for literal in generator.literals) for generator in KUSTOMIZATION.config_map_generator
    }
    for name, pod in pods().items():
        for container in pod["spec"]["containers"]:
            shared = [generated[source["configMapRef"]["name"]] for source in container.get("envFrom", [])]
            variables = {variable["name"] for variable in container.get("env", [])}.union(*shared)
            assert variables <= {f"MOCGIOI_{setting.upper()}" for setting in Settings.model_fields}, name
            assert container["image"] == SERVICES["door"]["image"], name


@pytest.mark.parametrize("name", sorted(pods()))
def test_every_pod_is_held_in_as_the_namespace_demands(name: str) -> None:
    assert of_kind("Namespace")["mocgioi"]["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"
    pod = pods()[name]["spec"]
    assert (
        pod["securityContext"].items() >= {"runAsNonRoot": True, "runAsUser": 10001, "seccompProfile": {"type": "RuntimeDefault"}}.items()
    )
    assert (pod["serviceAccountName"], pod["automountServiceAccountToken"], pod["enableServiceLinks"]) == ("mocgioi", False, False)
    assert not of_kind("ServiceAccount")["mocgioi"]["automountServiceAccountToken"]
    for container in pod["containers"]:
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        assert container["resources"]["limits"].keys() == {"memory"}
        assert {mount["name"] for mount in container["volumeMounts"]} == {volume["name"] for volume in pod["volumes"]}


def test_a_cluster_runs_what_compose_runs() -> None:
    ours = {name for name, service in SERVICES.items() if service["image"].startswith("mocgioi:")}
    commands = {name: SERVICES[name]["command"] for name in ours - {"migrate"}} | {"upgrade": SERVICES["migrate"]["command"]}
    commands["reports"] = commands["reports"][:2]  # the CronJob keeps the time
    assert {name: pod["spec"]["containers"][0]["args"] for name, pod in pods().items()} == commands


def test_what_always_runs_goes_on_through_an_update_and_an_emptied_node() -> None:
    budgets = of_kind("PodDisruptionBudget")
    assert budgets.keys() == RUNNING.keys()
    for name, workload in RUNNING.items():
        assert workload["spec"]["replicas"] >= 2, name
        budget = budgets[name]["spec"]
        assert (budget["maxUnavailable"], budget["selector"]) == (1, workload["spec"]["selector"])
        (container,) = workload["spec"]["template"]["spec"]["containers"]
        assert container.keys() >= {"readinessProbe", "livenessProbe"}, name
        assert container["livenessProbe"]["httpGet"]["path"] == "/healthz", f"{name}: a part that is away is waited for, not restarted for"
        if workload["kind"] == "Deployment":
            assert workload["spec"]["strategy"]["rollingUpdate"]["maxUnavailable"] == 0, name


def test_selectors_and_labels_agree() -> None:
    labels = {name: pod["metadata"]["labels"] for name, pod in pods().items()}
    for name, workload in RUNNING.items():
        assert workload["spec"]["selector"]["matchLabels"] == labels[name]
    for name, service in of_kind("Service").items():
        assert service["spec"]["selector"] in labels.values(), name
    components = {own[COMPONENT] for own in labels.values()}
    for name, policy in of_kind("NetworkPolicy").items():
        assert _selected(policy["spec"]["podSelector"], components), name


def test_prometheus_asks_headless_services_for_pods_under_the_names_that_rules_know() -> None:
    file = PROMETHEUS / "kubernetes.yml"
    checked = subprocess.run([program("promtool"), "check", "config", file], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
    jobs = {job["job_name"]: job["dns_sd_configs"][0] for job in yaml.safe_load(file.read_text())["scrape_configs"]}
    composed = {job["job_name"]: job for job in yaml.safe_load((PROMETHEUS / "prometheus.yml").read_text())["scrape_configs"]}
    assert jobs.keys() <= composed.keys()
    headless = {name: service["spec"] for name, service in of_kind("Service").items() if service["spec"].get("clusterIP") == "None"}
    asked = {domain.split(".")[0]: job["port"] for job in jobs.values() for domain in job["names"]}
    assert asked == {name: spec["ports"][0]["port"] for name, spec in headless.items()}
    assert all(spec["publishNotReadyAddresses"] for spec in headless.values())
    assert {spec["selector"][COMPONENT] for spec in headless.values()} == RUNNING.keys()
    assert all(domain.endswith(f".{KUSTOMIZATION.namespace}.svc.cluster.local") for job in jobs.values() for domain in job["names"])


def test_nobody_reaches_or_is_reached_by_more_than_his_work_needs() -> None:
    components = {pod["metadata"]["labels"][COMPONENT] for pod in pods().values()}
    reached: dict[str, set[int]] = {component: set() for component in components}
    reaches: dict[str, set[str]] = {component: set() for component in components}
    for policy in of_kind("NetworkPolicy").values():
        for component in _selected(policy["spec"]["podSelector"], components):
            for rule in policy["spec"].get("ingress", []):
                assert rule["from"]
                reached[component] |= {port["port"] for port in rule["ports"]}
            for rule in policy["spec"].get("egress", []):
                assert rule["to"]
                assert rule["ports"]
                reaches[component] |= {match for peer in rule["to"] for match in re.findall(r"name': '([a-z-]+)'", str(peer))}
    assert reached == {component: {8080} if component == "door" else {9464} if component in RUNNING else set() for component in components}
    assert reaches == {
        "classify": {"kube-system", "kafka"},
        "record": {"kube-system", "kafka", "postgresql"},
        "door": {"kube-system", "kafka", "postgresql"},
        "notifier": {"kube-system", "postgresql", "alertmanager"},
        "reports": {"kube-system", "postgresql"},
        "upgrade": {"kube-system", "postgresql"},
        "topics": {"kube-system", "kafka"},
    }
    assert of_kind("NetworkPolicy")["default-deny"]["spec"]["policyTypes"] == ["Ingress", "Egress"]


def _selected(selector: dict[str, Any], components: set[str]) -> set[str]:
    """The components that a policy's selector takes."""
    chosen = {selector["matchLabels"][COMPONENT]} if COMPONENT in selector["matchLabels"] else set(components)
    for expression in selector.get("matchExpressions", []):
        assert (expression["key"], expression["operator"]) == (COMPONENT, "In")
        assert set(expression["values"]) <= components
        chosen &= set(expression["values"])
    return chosen & components
