"""Cancellations that nobody asked for.

When aiokafka closes a client it cancels its own requests, and some of these cancellations reach the caller (seen under load, with 0.14.0). Faust
takes any cancellation for a stop, so the stage would end in silence: healthy to every eye, reading nothing.
"""

import asyncio


def is_stray() -> bool:
    """Whether a `CancelledError` that was caught here is no stop: nobody has cancelled the task that runs."""
    task = asyncio.current_task()
    return task is not None and not task.cancelling()
