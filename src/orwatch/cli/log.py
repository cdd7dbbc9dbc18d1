"""The log of `-v`: what was asked for, what was said, what failed, with no key in it. Without -v nothing of it is loaded."""

from __future__ import annotations

import logging
import platform
import time
from collections.abc import Callable, Mapping
from logging.handlers import RotatingFileHandler
from pathlib import Path

from orwatch import __version__
from orwatch.cli.output import keyless
from orwatch.config import expanded, state_path
from orwatch.errors import OrwatchError

LARGEST, KEPT = 1_000_000, 3
"""Bytes after which a log begins anew, and how many before it are kept."""


class KeylessFormatter(logging.Formatter):
    """Lines without a key in them."""

    def format(self, record: logging.LogRecord) -> str:
        return keyless(super().format(record))


def begin(file: str | None, env: Mapping[str, str], title: str) -> Callable[[str], None]:
    """Logs from now on what orwatch's modules tell; gives what logs a sentence.

    file: None for orwatch.log beside the file of states. title: the command, without what was given to it: that may hold a secret.
    Raises OrwatchError where the log cannot be written.
    """
    path = expanded(Path(file)) if file else state_path(env).with_name("orwatch.log")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handler = RotatingFileHandler(path, maxBytes=LARGEST, backupCount=KEPT, encoding="utf-8")
    except OSError as error:
        raise OrwatchError(
            f"The log {path} cannot be written: {error.strerror}; name another with --log-file."
        ) from None
    formatter = KeylessFormatter("%(asctime)s %(process)d %(name)s: %(message)s", "%Y-%m-%dT%H:%M:%SZ")
    formatter.converter = time.gmtime
    handler.setFormatter(formatter)
    logging.raiseExceptions = False  # a log that can be written no longer is no reason for tracebacks on the terminal
    log = logging.getLogger("orwatch")
    for old in log.handlers[:]:
        log.removeHandler(old)
        old.close()
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    log.propagate = False
    log.info("orwatch %s on Python %s: %s", __version__, platform.python_version(), title)
    return log.info
