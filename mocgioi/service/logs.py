"""Logs: structlog for us and for the libraries under us; JSON lines in production, readable on a terminal."""

import logging
import sys
from typing import Any, Literal

import structlog

from mocgioi.service.settings import Settings
from mocgioi.views import screen

_QUIET = {
    "faust": logging.WARNING,
    "mode": logging.CRITICAL,
    "aiokafka": logging.CRITICAL,
    "kafka": logging.CRITICAL,
    "alembic": logging.WARNING,
}
"""Libraries that log more than an operator can use. Our own log has what matters of it."""

_TRACEBACKS = structlog.processors.ExceptionRenderer(structlog.tracebacks.ExceptionDictTransformer(show_locals=False))
"""Tracebacks without local variables, which hold payloads."""


def at_prompt(settings: Settings) -> None:
    """Configure the logs of a command that a person waits for: errors only, unless the settings ask for more.

    A service that does such a command's work, as the door does for its pages, keeps its own logs.
    """
    if not structlog.is_configured():
        configure(settings.log, settings.log_level if "log_level" in settings.model_fields_set else "error")


def configure(style: Literal["auto", "json", "console"], level: str) -> None:
    """Send every log line, ours and the libraries', to stderr in one style."""
    console = style == "console" or (style == "auto" and sys.stderr.isatty())
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    last: list[structlog.typing.Processor] = (
        [structlog.processors.format_exc_info, _escaped, structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
        if console
        else [_TRACEBACKS, structlog.processors.JSONRenderer(ensure_ascii=False), lambda _, __, line: screen.lines(str(line))]
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared, processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last]
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    for name, quiet in _QUIET.items():
        logging.getLogger(name).setLevel(max(quiet, logging.getLevelName(level.upper())))


def _escaped(_: object, __: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Values as a terminal may show them; before the renderer, whose own escapes are its colours."""
    return {name: _shown(name, value) for name, value in event.items()}


def _shown(name: str, value: Any) -> Any:
    if isinstance(value, str):
        return screen.lines(value) if name == "exception" else screen.one_line(value)
    return screen.one_line(repr(value))
