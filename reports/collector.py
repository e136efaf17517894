"""Pause Python's cyclic garbage collector while a report is computed."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_at_rest() -> Iterator[None]:
    """No passes of the collector meanwhile, in the whole process; also a decorator.

    A report of ten years makes a million objects, none of them in a cycle: the collector's passes over them take longer than the report.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
