"""Find the record that ends the process, by memory or a signal. Only a note written before can tell: afterwards nothing is left to ask.

A worker notes for each partition that it holds it, when it takes the partition, and removes the note when it leaves in good order. A batch
costs no note, since its positions are stored anyway. A worker that finds a note knows that the last holder's process ended, and the offset
in it tells whether that process had moved on. After two ends at one place, the records from there on are read one at a time, and each is
noted before it is processed. A record that then ends the process twice more is refused unread. So no number of ordinary kills, each at
another place, refuses anything. A note that is lost or late costs a closer look and never a record.

The notes are the committed offsets of a group of their own, `<group>-held`, with the counts as metadata. So the next worker finds them
wherever it runs, even without a disk, and Kafka keeps the last note of each partition only.
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from aiokafka import TopicPartition, errors
from aiokafka.client import AIOKafkaClient, ConnectionGroup, CoordinationType
from aiokafka.protocol.commit import OffsetCommitRequest

from schemas.records import Partition
from streams.batch import Batch, Refusal, at
from streams.kafka import Cluster, admin

ENDS = 2
"""After so many ends of the process at one place its records are read one at a time; after so many more at one record it is refused."""

_COUNTS = re.compile(r"(\d{1,9}) (\d{1,9})")


class Note(NamedTuple):
    """A worker holds a partition."""

    offset: int
    """The worker holds it from this offset on."""
    ends: int = 0
    """How many processes ended while they held it from this offset on."""
    alone: int = 0
    """How many processes have processed the record at this offset alone. If the note is still there, all of them ended."""


async def read_notes(cluster: Cluster, group: str, partitions: Sequence[TopicPartition]) -> dict[Partition, Note]:
    """The notes of the partitions that their last holder did not leave in good order. Raises `Unavailable`."""
    async with admin(cluster) as kafka:
        committed = await kafka.list_consumer_group_offsets(_group(group), partitions=list(partitions))
    notes = {tuple(place): read_note(offset, metadata) for place, (offset, metadata) in committed.items()}
    return {partition: note for partition, note in notes.items() if note is not None}


def read_note(offset: int, metadata: str) -> Note | None:
    """The note in a committed offset; None where there is no note of ours."""
    counts = _COUNTS.fullmatch(metadata or "")
    return Note(offset, int(counts[1]), int(counts[2])) if counts else None


async def write_notes(client: AIOKafkaClient, group: str, notes: Mapping[Partition, Note], *, held: bool = True) -> None:
    """Write that partitions are held, or no longer held. Raises `KafkaError`."""
    topics: dict[str, list[tuple[int, int, str]]] = defaultdict(list)
    for (topic, number), note in notes.items():
        topics[topic].append((number, note.offset, f"{note.ends} {note.alone}" if held else ""))
    request = OffsetCommitRequest(_group(group), OffsetCommitRequest.DEFAULT_GENERATION_ID, "", -1, list(topics.items()))
    node = await client.coordinator_lookup(CoordinationType.GROUP, _group(group))
    # On the connection of the coordinator: on the other one it would wait until a fetch that waits for records is answered.
    response = await client.send(node, request, group=ConnectionGroup.COORDINATION)
    for topic, partitions in response.topics:
        for number, code in partitions:
            if (error := errors.for_code(code)) is not errors.NoError:
                raise error(f"note of {topic}[{number}]")


def after(note: Note | None, offset: int) -> Note:
    """The new note of a partition that is held from `offset` on, given the note of its last holder."""
    if note is None:
        return Note(offset)
    return Note(offset, note.ends + 1, note.alone) if note.offset == offset else Note(offset, 1)


class Held:
    """The partitions that a worker holds, and which of them it reads one record at a time."""

    def __init__(self, notes: Mapping[Partition, Note], until: Mapping[Partition, int]) -> None:
        """`notes` were written when the partitions were taken. `until` says where the close reading of a partition ends."""
        self.notes = notes
        self._until = dict(until)

    @property
    def closely(self) -> list[TopicPartition]:
        """The partitions that are read one record at a time; all other partitions wait for them."""
        return [TopicPartition(*partition) for partition in self._until]

    def take(self, batch: Batch) -> tuple[Batch, dict[Partition, Note]]:
        """A batch of one record that is read closely, and the notes to write before it is processed.

        A record that ended the process too often is set aside.
        """
        notes: dict[Partition, Note] = {}
        for partition in self._until.keys() & batch.positions.keys():
            start, end = batch.positions[partition]
            noted = self.notes[partition]
            notes[partition] = Note(start, ENDS, (noted.alone if noted.offset == start else 0) + 1)
            if end >= self._until[partition]:
                del self._until[partition]
        set_aside = {at(record): _CRASHED for record in batch.records if notes[record.topic, record.partition].alone > ENDS}
        return replace(batch, set_aside=set_aside), notes


_CRASHED = Refusal("crashed", f"đọc một mình mà {ENDS} lần làm tiến trình chết · read alone, it ended the process {ENDS} times")


def _group(group: str) -> str:
    return f"{group}-held"
