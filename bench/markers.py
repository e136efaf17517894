"""Measure how many marker references one core reads a second, without the cache: `python -m bench.markers`.

The references are short, clean and all different, as posts and programs write them. Beside them stands the least that any reader does: one
regex and its numbers. The figures are CPU times, the best of several rounds, since the machine is shared. Exit 1 if the bar is missed.
"""

import random
import re
import sys
import time
from collections.abc import Callable, Iterator, Sequence

from border.markers import parse

LEAST = 200_000
"""Clean references a second."""
TURNS = 7

_FLOOR = re.compile(r"(?:M|mốc )?(\d+)(?:/(\d+))?(?:\((\d)\))?(?: ?([+-]) ?(\d+) ?m)?(?: ?- ?(\d+)(?:/(\d+))?(?:\((\d)\))?)?")
_SENTENCES = (
    "mốc {0} phát hiện 09 người",
    "khu vực mốc {0}-{1} (huyện Hạ Lang)",
    "từ mốc {0} đến mốc {1}",
    "giữa mốc {0} và {1}, xã Tri Phương",
    "lúc 18h ngày 28/12/2025, tại mốc {0}, phát hiện 04 đối tượng (01 nam, 03 nữ)",
)


def main() -> int:
    """Measure, print, judge."""
    chance = random.Random(2009)  # noqa: S311  # the same texts every time
    clean, sentences = list(references(chance, 20_000)), list(narratives(chance, 4_000))
    read, floor, spoken = rates((parse.__wrapped__, clean), (_regex, clean), (parse.__wrapped__, sentences))
    print(f"clean references  {read:>10,.0f} a second, {read / LEAST:.2f} of the bar of {LEAST:,}")
    print(f"one plain regex   {floor:>10,.0f} a second, the floor: {floor / read:.1f} times as many")
    print(f"sentences         {spoken:>10,.0f} a second")
    return 0 if read >= LEAST else 1


def references(chance: random.Random, size: int) -> Iterator[str]:
    """Clean references, two in three of them one mark, the others sections and offsets."""
    for _ in range(size):
        main = chance.randrange(1, 1370)
        mark = f"{main}{chance.choice(['', '', f'/{chance.randint(1, 5)}', f'({chance.randint(1, 3)})'])}"
        section = f"{mark}{chance.choice(['-', ' - '])}{main + chance.randint(1, 8)}"
        offset = f"{mark}{chance.choice([' + ', ' - ', '+'])}{chance.randint(20, 900)}m"
        yield f"{chance.choice(['', '', 'mốc ', 'M'])}{chance.choice([mark, mark, mark, mark, section, offset])}"


def narratives(chance: random.Random, size: int) -> Iterator[str]:
    """Running text with a marker or two in it, to be read closely."""
    for _ in range(size):
        main = chance.randrange(100, 1370)
        yield chance.choice(_SENTENCES).format(main, main + chance.randint(1, 8))


def rates(*tasks: tuple[Callable[[str], object], Sequence[str]]) -> list[float]:
    """Texts a second of CPU time, each task's best turn."""
    best = [float("inf")] * len(tasks)
    for _ in range(TURNS):
        for number, (reading, texts) in enumerate(tasks):
            begin = time.process_time()
            for text in texts:
                reading(text)
            best[number] = min(best[number], (time.process_time() - begin) / len(texts))
    return [1 / seconds for seconds in best]


def _regex(text: str) -> tuple[int | None, ...]:
    match = _FLOOR.fullmatch(text)
    return () if match is None else tuple([int(part) if part and part.isdigit() else None for part in match.groups()])


if __name__ == "__main__":
    sys.exit(main())
