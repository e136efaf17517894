"""A measured process: one stage, one variant, one run. `python -m bench.child SPEC`, started by `bench.lab`."""

import asyncio
import gc
import sys

from bench.meter import Meter
from bench.spec import Spec

# Each variant is measured with its own imports only.
# ruff: noqa: PLC0415


def main() -> None:
    """Run the spec in the first argument."""
    spec = Spec.read(sys.argv[1])
    meter = Meter(spec.events)
    match spec.variant:
        case "afternoon":
            from bench import afternoon

            asyncio.run(afternoon.run(spec, meter))
        case "bare":
            from bench import bare

            gc.freeze()  # as `mocgioi.service.workers.run` does for the service
            gc.set_threshold(50_000, 20, 50)
            sys.setswitchinterval(0.0005)
            asyncio.run(getattr(bare, spec.stage)(spec, meter))
        case _:
            from bench import ours

            if spec.stage != "publish":
                ours.work(spec, meter)
            asyncio.run(ours.publish(spec, meter))


if __name__ == "__main__":
    main()
