"""Which record ends the process, by memory or a signal: nothing is left then that could say so but what was noted before.

What a worker has in hand begins at its safe positions, which are stored anyway; so a batch costs no note. Noted is only, for each partition,
that somebody holds it: when it is placed, and taken back when it is left in good order. Whoever finds it still noted knows that the last
holder's process ended, and by the offset whether it had moved on since. After two such ends at one place the records from there on are read
one at a time, and each is noted before it is worked on. The one that ends the process twice more is refused unread. So no number of ordinary
kills, each at another place, refuses anything; and a note that is lost, or written late, costs a closer look and never a record.

The notes are the committed offsets of a group of their own, `<group>-held`, with the counts as metadata: they are there wherever the next
worker runs, which may have no disk, and Kafka keeps the last of each partition only.
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from aiokafka import TopicPartition, errors
from aiokafka.client import AIOKafkaClient, CoordinationType
from aiokafka.protocol.commit import OffsetCommitRequest

from schemas.records import Partition
from streams.batch import Batch, Refusal, at
from streams.kafka import Cluster, admin

ENDS = 2
"""So many ends of the process at one place, and its records are read one at a time; so many more at one record, and it is refused."""


_COUNTS = re.compile(r"(\d{1,9}) (\d{1,9})")


class Note(NamedTuple):
    """That a partition is held."""

    offset: int
    """From here on."""
    ends: int = 0
    """How many processes ended while it was held from here on."""
    alone: int = 0
    """How many processes have worked on its record alone. Who finds the note knows that they all ended."""


async def read_notes(cluster: Cluster, group: str, partitions: Sequence[TopicPartition]) -> dict[Partition, Note]:
    """The notes of those partitions that nobody left in good order. Raises `Unavailable`."""
    async with admin(cluster) as kafka:
        committed = await kafka.list_consumer_group_offsets(_group(group), partitions=list(partitions))
    notes = {tuple(place): read_note(offset, metadata) for place, (offset, metadata) in committed.items()}
    return {partition: note for partition, note in notes.items() if note is not None}


def read_note(offset: int, metadata: str) -> Note | None:
    """A note as it was committed; None where nobody holds the partition, or somebody else wrote it."""
    counts = _COUNTS.fullmatch(metadata or "")
    return Note(offset, int(counts[1]), int(counts[2])) if counts else None


async def write_notes(client: AIOKafkaClient, group: str, notes: Mapping[Partition, Note], *, held: bool = True) -> None:
    """Note that partitions are held, or no longer. Raises `KafkaError`."""
    topics: dict[str, list[tuple[int, int, str]]] = defaultdict(list)
    for (topic, number), note in notes.items():
        topics[topic].append((number, note.offset, f"{note.ends} {note.alone}" if held else ""))
    request = OffsetCommitRequest(_group(group), OffsetCommitRequest.DEFAULT_GENERATION_ID, "", -1, list(topics.items()))
    node = await client.coordinator_lookup(CoordinationType.GROUP, _group(group))
    answer = await client.send(node, request)
    for topic, partitions in answer.topics:
        for number, code in partitions:
            if (error := errors.for_code(code)) is not errors.NoError:
                raise error(f"note of {topic}[{number}]")


def after(note: Note | None, offset: int) -> Note:
    """The note of a partition that is placed at an offset, after what the last holder left."""
    if note is None:
        return Note(offset)
    return Note(offset, note.ends + 1, note.alone) if note.offset == offset else Note(offset, 1)


class Held:
    """The partitions a worker holds, and which of them it reads one record at a time."""

    def __init__(self, found: Mapping[Partition, Note], until: Mapping[Partition, int]) -> None:
        """`found`: what their last holders left. `until`: where the close look at a partition ends, for those that need one."""
        self.found = found
        self._until = dict(until)

    @property
    def closely(self) -> list[TopicPartition]:
        """The partitions that are read one record at a time; the others wait for them."""
        return [TopicPartition(*partition) for partition in self._until]

    def take(self, batch: Batch) -> tuple[Batch, dict[Partition, Note]]:
        """A batch of one record of such a partition, and the note to write before it is worked on.

        The record is set aside where it has ended the process too often.
        """
        notes: dict[Partition, Note] = {}
        for partition in self._until.keys() & batch.positions.keys():
            start, end = batch.positions[partition]
            found = self.found[partition]
            notes[partition] = Note(start, ENDS, (found.alone if found.offset == start else 0) + 1)
            if end >= self._until[partition]:
                del self._until[partition]
        set_aside = {at(record): _CRASHED for record in batch.records if notes[record.topic, record.partition].alone > ENDS}
        return replace(batch, set_aside=set_aside), notes


_CRASHED = Refusal("crashed", f"đọc một mình mà {ENDS} lần làm tiến trình chết · read alone, it ended the process {ENDS} times")


def _group(group: str) -> str:
    return f"{group}-held"
