"""The same app on a Ray cluster, with replicas that come and go with the load: ``make serve-ray``.

``serve run deploy.ray_serve:app`` starts it on the cluster that RAY_ADDRESS names, or one of its own here.
Ray brings the HTTP server, the queue before each replica, and another replica for one that dies.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ray import serve

from app.main import create_app

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send


class Application:
    """The app, with the state that its lifespan made given to each request, which Ray does not do."""

    def __init__(self) -> None:
        self._app = create_app()
        self._state: dict[str, Any] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Remember the state, or pass it on."""
        if scope["type"] == "lifespan":
            scope["state"] = self._state
        else:
            scope["state"] = dict(self._state)
        await self._app(scope, receive, send)


def build() -> Application:
    """Build a replica's application, in its own process."""
    return Application()


@serve.deployment(
    autoscaling_config={"min_replicas": 1, "max_replicas": 8, "target_ongoing_requests": 16},
    max_ongoing_requests=64,
    graceful_shutdown_timeout_s=20,
    health_check_period_s=2,
    health_check_timeout_s=5,
    ray_actor_options={"num_cpus": 1},
)
@serve.ingress(build)
class Digits:
    """One replica: one process, one core."""


app = Digits.bind()  # type: ignore[attr-defined]  # which the decorators give it
