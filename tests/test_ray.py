"""The app on a local Ray cluster: two replicas, one of which is killed under load.

Ray is an extra of its own: ``.venv/bin/pip install -c constraints.txt -e '.[ray]'``.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import httpx
import psutil
import pytest

from app.settings import ROOT
from tests.load import Load
from tests.waiting import answers, eventually

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytest.importorskip("ray.serve", reason="Ray is not installed: pip install -c constraints.txt -e '.[ray]'")

URL = "http://127.0.0.1:8000"


@pytest.fixture
def cluster(models_dir: Path, tmp_path: Path) -> Iterator[str]:
    """Serve what `make serve-ray` serves, with two replicas from the start; yield its URL."""
    config = tmp_path / "two.yaml"
    config.write_text(
        "applications:\n- name: digits\n  route_prefix: /\n  import_path: deploy.ray_serve:app\n"
        "  deployments:\n  - name: Digits\n    autoscaling_config: {min_replicas: 2, max_replicas: 2}\n"
        "    ray_actor_options: {num_cpus: 0.5}\n"
    )
    variables = {"DIGITS_MODELS": str(models_dir), "DIGITS_DEVICE": "cpu", "RAY_USAGE_STATS_ENABLED": "0"}
    command = [sys.executable, "-m", "ray.serve.scripts", "run", str(config)]
    with subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT), **variables}, start_new_session=True
    ) as process:
        try:
            eventually(lambda: process.poll() is not None or len(replicas()) == 2, patience=120)
            assert process.poll() is None
            eventually(lambda: answers(f"{URL}/readyz"))
            yield URL
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(60)


def replicas() -> list[int]:
    """Return the replicas' processes."""
    commands = {process.pid: " ".join(process.info["cmdline"] or []) for process in psutil.process_iter(["cmdline"])}
    return [pid for pid, command in commands.items() if "ServeReplica:digits:Digits" in command]


@pytest.mark.timeout(400)
def test_one_of_two_replicas_is_killed_under_load(cluster: str, png: bytes) -> None:
    """The other answers on, but for what the killed one was working on; and another takes its place."""
    before = replicas()
    with Load(cluster, png) as load:
        load.wait_for(100)
        os.kill(before[0], signal.SIGKILL)
        time.sleep(3)  # in which its clients are answered by the other
    statuses = [status for status, _ in load.answers]
    assert statuses.count(200) >= len(statuses) - 8  # 4 clients, one request each at the moment, and its retry
    eventually(lambda: before[0] not in (now := replicas()) and len(now) == 2)
    for _ in range(20):
        assert 200 == httpx.post(f"{cluster}/predict", content=png).status_code
