"""Alerts appended to a file, a JSON object a line."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar, Final

import msgspec

from orwatch.domain.alerts.alert import Severity
from orwatch.domain.setting import setting
from orwatch.notify.channel import ChannelSettings, DeliveryError, Message, Send, Write

if TYPE_CHECKING:
    import asyncio

TAIL: Final = 256 * 1024
"""Bytes at the end of the file in which a line that may have been written before is looked for."""


class FileSettings(ChannelSettings, frozen=True):
    """Where which alerts are kept. path: None: nowhere."""

    again: ClassVar[bool] = True
    record: ClassVar[bool] = True
    in_demo: ClassVar[bool] = False
    missing: ClassVar[str] = "No file is set: `orwatch config set notify.file.path FILE`."

    on: Annotated[bool, setting("Whether alerts are appended to the file.")] = True
    severity: Annotated[Severity, setting("The least severity that it takes.")] = Severity.NOTE
    path: Annotated[Path | None, setting("Where to append JSON lines; left out, nowhere.", "a file")] = None

    def open(self, env: Mapping[str, str], write: Write | None) -> Send | None:
        return None if self.path is None else AlertFile(self.path).append


class AlertFile:
    """A file of JSON lines, made where it is missing, readable by its owner only; the folder must be there.

    A message that may have been sent before is written only where the file's end lacks it, so that a line stands once; each
    has the alert's `id`. A write that the disk cuts short is taken back.
    """

    def __init__(self, path: Path, seconds: float = 10.0) -> None:
        self.path = path
        self._seconds = seconds
        self._writing: asyncio.Future[None] | None = None

    async def append(self, message: Message) -> None:
        """Append the alerts of a message, one write for all of them, which a file system that hangs holds up for no longer."""
        import asyncio  # only where something is sent: every command reads the settings of the channels

        if self._writing is not None and not self._writing.done():
            raise DeliveryError("the delivery before it still hangs")
        writing = self._writing = asyncio.get_running_loop().run_in_executor(None, self._append, message)
        # An error that comes too late is of no use to anybody, and asyncio would log it.
        writing.add_done_callback(lambda done: done.cancelled() or done.exception())
        done, _ = await asyncio.wait({writing}, timeout=self._seconds)
        if not done:
            raise DeliveryError(f"it took longer than {self._seconds:g} s")
        await writing

    def _append(self, message: Message) -> None:
        # A pipe that nobody reads would block for ever; one opened to read as well would swallow what it is given.
        special = self.path.exists() and not self.path.is_file()
        access = os.O_WRONLY if special else os.O_RDWR | os.O_CREAT
        try:
            file = os.open(self.path, access | os.O_APPEND | os.O_NONBLOCK | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise DeliveryError(self._cause(error)) from None
        try:
            regular = stat.S_ISREG(os.fstat(file).st_mode)
            if regular:
                fcntl.flock(file, fcntl.LOCK_EX)
            written = _ids(file) if regular and message.again else set()
            lines = [
                msgspec.json.encode({**facts, "citation": message.citation}) + b"\n"
                for facts in message.alerts
                if facts["id"] not in written
            ]
            if lines:
                self._write(file, b"".join(lines), regular=regular)
        except OSError as error:
            raise DeliveryError(self._cause(error)) from None
        finally:
            os.close(file)

    def _write(self, file: int, data: bytes, *, regular: bool) -> None:
        before = os.fstat(file).st_size
        if regular and before and os.pread(file, 1, before - 1) != b"\n":
            data = b"\n" + data  # what another program left unfinished stays a line of its own
        try:
            done = os.write(file, data)
            if done < len(data):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            if regular:
                os.fsync(file)
        except OSError:
            if regular:
                with contextlib.suppress(OSError):
                    os.ftruncate(file, before)
            raise

    def _cause(self, error: OSError) -> str:
        return f"{self.path} cannot be written: {os.strerror(error.errno or errno.EIO)}"


def _ids(file: int) -> set[str]:
    """Ids of the alerts at the end of the file; lines of other programs say nothing."""
    size = os.fstat(file).st_size
    found = set()
    for line in os.pread(file, TAIL, max(0, size - TAIL)).splitlines():
        with contextlib.suppress(ValueError, KeyError, TypeError):
            found.add(str(msgspec.json.decode(line)["id"]))
    return found
