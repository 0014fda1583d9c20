"""Log lines for people or for programs, ours and uvicorn's alike, each with the number of its request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import structlog

from app.web.observed import REQUEST_ID

if TYPE_CHECKING:
    from structlog.typing import EventDict, Processor, WrappedLogger

    from app.settings import Settings


def configuration(settings: Settings) -> dict[str, Any]:
    """Return what ``logging.config.dictConfig`` takes; uvicorn applies it in each worker."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"default": {"()": formatter, "json": settings.log_format == "json"}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "default"}},
        "root": {"handlers": ["stderr"], "level": settings.log_level.upper()},
        "loggers": {
            "digits": {"level": "INFO"},  # where the service is, and why it is not
            "digits.access": {"level": "INFO" if settings.access_log else "WARNING"},
            "python_multipart": {"level": "ERROR"},  # strangers' broken forms are no news
        },
    }


def formatter(*, json: bool) -> structlog.stdlib.ProcessorFormatter:
    """Build what turns a record into a line."""
    common: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(["request", "method", "path", "status", "ms"]),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _add_request,
    ]
    last: list[Processor] = (
        [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
        if json
        # plain: with rich, which some package brings, a traceback shows pictures and takes a second of the event loop
        else [structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)]
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=common, processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last]
    )


def _add_request(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    if number := REQUEST_ID.get():
        event["request"] = number
    return event
