"""Programs that are run for a message: without a shell, apart from the terminal, and never for longer than they may."""

from __future__ import annotations

import contextlib
import os
import signal
import tempfile
from collections.abc import Mapping, Sequence
from typing import Final

from orwatch.domain.foreign_text import line
from orwatch.notify.channel import DeliveryError, cut

SECRETS: Final = ("OPENROUTER_API_KEY",)
"""Variables that no program is given."""

CAUSE: Final = 160
"""Characters of a program's own complaint that are kept."""


def without_keys(env: Mapping[str, str]) -> dict[str, str]:
    """An environment for a program: without SECRETS."""
    return {name: value for name, value in env.items() if name not in SECRETS}


async def run(argv: Sequence[str], seconds: float, facts: Mapping[str, str] | None = None) -> None:
    """Run a program to its end. facts: more environment. Raises DeliveryError where it is missing, fails or takes too long.

    It has no standard input, and what it prints is dropped but for a complaint. Where it takes too long, or the delivery is
    cancelled as when orwatch quits, it is ended, with what it has started.
    """
    import asyncio  # only where something is sent: every command reads the settings of the channels

    env = without_keys(os.environ) | dict(facts or {})
    name = os.path.basename(argv[0])
    nothing = asyncio.subprocess.DEVNULL
    try:
        complaint = tempfile.TemporaryFile()  # noqa: SIM115 - entered below: what fails in there is no fault of this folder
    except OSError as error:
        raise DeliveryError(
            f"{name} cannot be run: no folder for temporary files can be written to (TMPDIR): {error.strerror}"
        ) from None
    with complaint:
        try:
            process = await asyncio.create_subprocess_exec(
                *argv, stdin=nothing, stdout=nothing, stderr=complaint, env=env, start_new_session=True
            )
        except (OSError, ValueError) as error:
            cause = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else str(error)
            raise DeliveryError(f"{name} cannot be run: {cause}") from None
        try:
            async with asyncio.timeout(seconds):
                code = await process.wait()
        except TimeoutError:
            raise DeliveryError(f"{name} took longer than {seconds:g} s and was ended") from None
        finally:
            if process.returncode is None:
                with contextlib.suppress(OSError):
                    os.killpg(process.pid, signal.SIGKILL)
                await process.wait()
        if code:
            complaint.seek(0)
            words = cut(line(complaint.read(4096).decode("utf-8", "replace").strip()), CAUSE)
            ended = f"was ended by signal {-code}" if code < 0 else f"ended with code {code}"
            raise DeliveryError(f"{name} {ended}{': ' if words else ''}{words}")
