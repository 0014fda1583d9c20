"""The compose file and the Kubernetes manifests: valid by their schemas, and in step with the image and the app."""

from __future__ import annotations

import tomllib
from typing import Any

import kubernetes_validate
import pytest
import yaml

from app.settings import ROOT, Settings
from tests.dockerfile import environment, served

MANIFESTS: list[dict[str, Any]] = list(yaml.safe_load_all((ROOT / "deploy" / "kubernetes.yaml").read_text()))
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text())
VERSIONS = ("1.31", kubernetes_validate.latest_version())  # the oldest with preStop.sleep, and the newest known


def manifest(kind: str) -> dict[str, Any]:
    """Return the one manifest of this kind."""
    (found,) = [one for one in MANIFESTS if one["kind"] == kind]
    return found


def container() -> dict[str, Any]:
    (found,) = manifest("Deployment")["spec"]["template"]["spec"]["containers"]
    return dict(found)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("kind", [one["kind"] for one in MANIFESTS])
def test_manifests_fit_the_schema(kind: str, version: str) -> None:
    """Each manifest is valid, and has no field that Kubernetes would pass over."""
    kubernetes_validate.validate(manifest(kind), version, strict=True)


def test_a_manifest_that_does_not_fit_is_noticed() -> None:
    """The check can fail: a misspelt field is found."""
    wrong = {**manifest("Service"), "spek": {}}
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(wrong, VERSIONS[-1], strict=True)


def test_manifests_name_each_other() -> None:
    """Service, autoscaler, budget and policy mean the pods of the deployment."""
    labels = manifest("Deployment")["spec"]["template"]["metadata"]["labels"]
    assert labels == manifest("Service")["spec"]["selector"]
    assert labels == manifest("Deployment")["spec"]["selector"]["matchLabels"]
    assert labels == manifest("PodDisruptionBudget")["spec"]["selector"]["matchLabels"]
    assert labels == manifest("NetworkPolicy")["spec"]["podSelector"]["matchLabels"]
    target = manifest("HorizontalPodAutoscaler")["spec"]["scaleTargetRef"]
    assert manifest("Deployment")["metadata"]["name"] == target["name"]


def test_pods_may_do_nothing_but_serve() -> None:
    """No root, no writing, no capabilities; probes ask what the app answers, on the image's port."""
    security = container()["securityContext"]
    assert security["readOnlyRootFilesystem"]
    assert not security["allowPrivilegeEscalation"]
    assert ["ALL"] == security["capabilities"]["drop"]
    pod = manifest("Deployment")["spec"]["template"]["spec"]["securityContext"]
    (user,) = served("USER")
    assert user == f"{pod['runAsUser']}:{pod['runAsGroup']}"
    assert int(environment()["DIGITS_PORT"]) == container()["ports"][0]["containerPort"]
    probes = [container()[f"{name}Probe"]["httpGet"]["path"] for name in ("startup", "readiness", "liveness")]
    assert ["/readyz", "/readyz", "/healthz"] == probes
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert f"digits:{project['version']}" == container()["image"]


def test_pods_have_time_to_end() -> None:
    """What a pod may take to end is more than the pause before and the grace for answers together."""
    spec = manifest("Deployment")["spec"]["template"]["spec"]
    pause = container()["lifecycle"]["preStop"]["sleep"]["seconds"]
    assert pause + Settings.model_fields["grace_seconds"].default < spec["terminationGracePeriodSeconds"]


def test_compose_file() -> None:
    """One service of the image: unprivileged, read-only, limited, on this machine's own address only."""
    (service,) = COMPOSE["services"].values()
    assert service["read_only"]
    assert ["ALL"] == service["cap_drop"]
    assert [service["user"]] == served("USER")
    assert (ROOT / "deploy" / service["build"]["context"] / "Dockerfile").is_file()
    assert all(port.startswith("127.0.0.1:") for port in service["ports"])
    known = {f"DIGITS_{name.upper()}" for name in Settings.model_fields}
    assert set() == set(service["environment"]) - known
    assert set() == {one["name"] for one in container()["env"]} - known
    assert int(service["stop_grace_period"][:-1]) > Settings.model_fields["grace_seconds"].default
