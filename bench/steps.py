"""Measure each step of classify as a ratio to `json.loads` of the same events: `python -m bench.steps`.

The events are reported incidents of about 900 bytes. The figures are CPU times, the best of several rounds, since the machine is shared.
Exit 1 if a bar is missed.
"""

import json
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

from agreement.incident import of_one_report, of_several
from agreement.judge import judge_event
from agreement.state import event_row
from bench.events import events
from schemas.events import EVENT, Reported
from schemas.secrecy import may_be_marked
from schemas.sound import SoundReport, sound_report
from schemas.strict_json import load_plain
from schemas.validation import decode, decode_quickly, read

BARS = {"decode": 5.5, "decode_quickly": 3.8, "may_be_marked": 0.3}
"""At most, in times `json.loads`."""
TURNS = 9


def main() -> int:
    """Measure, print, judge."""
    raw = [event.value for event in events(2_500) if b"incident.reported" in event.value]
    plain = [value for value in map(load_plain, raw) if value is not None]
    reports = [event for event in map(decode, raw) if isinstance(event, Reported)]
    sound = [event for event in map(decode_quickly, raw) if isinstance(event, SoundReport)]
    costs = cheapest(
        {
            "json.loads": (json.loads, raw),
            "load_plain": (load_plain, raw),
            "may_be_marked": (may_be_marked, [each.written for each in plain]),
            "validate_python": (EVENT.validate_python, [each.value for each in plain]),
            "decode": (decode, raw),
            "sound_report": (sound_report, plain),
            "decode_quickly": (decode_quickly, raw),
            "read": (read, raw),
            "judge_event": (judge_event, reports),
            "judge_event, sound": (judge_event, sound),
            "fold, one report": (of_one_report, reports),
            "fold, any events": (lambda report: of_several((report,), ()), reports),
            "event_row": (lambda pair: event_row(*pair), list(zip(reports, map(judge_event, reports), strict=True))),
            "event_row, sound": (lambda pair: event_row(*pair), list(zip(sound, map(judge_event, sound), strict=True))),
        }
    )
    for name, seconds in costs.items():
        ratio = seconds / costs["json.loads"]
        print(f"{name:18} {seconds * 1e6:6.2f} µs  {ratio:5.2f}" + (f"  bar {BARS[name]}" if name in BARS else ""))
    return 0 if all(costs[name] <= bar * costs["json.loads"] for name, bar in BARS.items()) else 1


def cheapest(steps: dict[str, tuple[Callable[[Any], object], Sequence[Any]]]) -> dict[str, float]:
    """Seconds of CPU time each step takes of an event, in its best turn."""
    best = dict.fromkeys(steps, float("inf"))
    for _ in range(TURNS):
        for name, (step, inputs) in steps.items():
            begin = time.process_time()
            for each in inputs:
                step(each)
            best[name] = min(best[name], (time.process_time() - begin) / len(inputs))
    return best


if __name__ == "__main__":
    sys.exit(main())
