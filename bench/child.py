"""A measured process: one stage, one variant, one run. `python -m bench.child SPEC`, started by `bench.runs`."""

import asyncio
import gc
import sys

from bench.meter import Meter
from bench.spec import Spec


def main() -> None:
    """Run what the first argument says."""
    spec = Spec.read(sys.argv[1])
    meter = Meter(spec.events)
    if spec.variant == "ours":
        from bench import ours  # noqa: PLC0415  # the loops are measured without the service's imports

        if spec.stage != "publish":
            ours.work(spec, meter)
        asyncio.run(ours.publish(spec, meter))
        return
    from bench import bare, by_hand  # noqa: PLC0415

    gc.freeze()  # as `mocgioi.workers.run` does for the service
    gc.set_threshold(50_000, 20, 50)
    sys.setswitchinterval(0.0005)
    stage = getattr(by_hand if spec.variant == "by hand" else bare, spec.stage)
    asyncio.run(stage(spec, meter))


if __name__ == "__main__":
    main()
