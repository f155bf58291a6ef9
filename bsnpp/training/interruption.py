"""Stop a training between two batches when its process is asked to end."""

import signal
from collections.abc import Callable
from threading import Event


class Stopped(Exception):  # noqa: N818 - not an error: the stop was requested
    """A training was asked to stop; its checkpoint is written."""


def stop_on_sigterm() -> Callable[[], None]:
    """Catch SIGTERM from now on; return a function that raises `Stopped` once the signal has arrived."""
    terminated = Event()
    signal.signal(signal.SIGTERM, lambda *_: terminated.set())

    def check() -> None:
        if terminated.is_set():
            raise Stopped

    return check
