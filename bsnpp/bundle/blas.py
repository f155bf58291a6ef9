"""Multiply matrices in one thread, as the jobs of the workflow do: several threads may round differently."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from threadpoolctl import ThreadpoolController


@lru_cache(maxsize=1)
def _controller() -> ThreadpoolController:
    """Find the libraries once; that takes milliseconds."""
    return ThreadpoolController()


@contextmanager
def one_thread() -> Iterator[None]:
    """Limit NumPy and SciPy to one thread inside the block; torch keeps its threads."""
    with _controller().limit(limits=1, user_api="blas"):
        yield
