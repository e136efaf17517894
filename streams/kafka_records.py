"""A reader of fetched records that takes the place of aiokafka's, which fails on some records that Kafka may hold.

aiokafka unpacks a compressed batch of any size: 0.4 MB of gzip may unpack to 400 MB, more than a worker has. And it raises at every fetch
of a header whose name is not UTF-8. Here one record without a value stands in for such a record, or for a whole batch that cannot be
unpacked, and its only header says why. The records before and after it are read as usual.
"""

import struct
from collections.abc import Iterator
from typing import Any

import cramjam
import structlog
from aiokafka.codec import snappy_decode
from aiokafka.consumer import fetcher
from aiokafka.record.default_records import DefaultRecord, DefaultRecordBatch
from aiokafka.record.memory_records import MemoryRecords
from aiokafka.record.util import decode_varint

from streams.batch import REFUSED, Refusal

log = structlog.get_logger(__name__)

MAX_UNPACKED_BYTES = 32 * 1024 * 1024
"""Of one producer's batch: sixteen times what a topic takes uncompressed."""

_HEADER_BYTES = 61
_LENGTH = struct.Struct(">8xi")  # the bytes of a batch that follow this field
_ATTRIBUTES = struct.Struct(">21xh")
_COUNT = struct.Struct(">57xi")
_CODEC = 0x07
_PACKED = {1: cramjam.gzip, 3: cramjam.lz4, 4: cramjam.zstd}
_SNAPPY = 2
_XERIAL = b"\x82SNAPPY\x00"


class _TooLarge(Exception):
    """A batch unpacks to more than `MAX_UNPACKED_BYTES`."""


class SafeRecords:
    """The batches in a fetched piece of a partition, with the interface of `aiokafka.record.memory_records.MemoryRecords`."""

    def __init__(self, fetched: bytes) -> None:
        self._fetched = fetched
        self._place = 0
        self._batches = MemoryRecords(fetched)

    def size_in_bytes(self) -> int:
        """The size of the piece."""
        return int(self._batches.size_in_bytes())

    def has_next(self) -> bool:
        """Whether there is another whole batch."""
        return bool(self._batches.has_next())

    def next_batch(self) -> Any:
        """The next batch."""
        batch = self._batches.next_batch()
        start, (length,) = self._place, _LENGTH.unpack_from(self._fetched, self._place)
        self._place += _LENGTH.size + length
        if not isinstance(batch, DefaultRecordBatch) or batch.is_control_batch:
            return batch
        return _Batch(batch, self._fetched[start : self._place])


class _Batch:
    """One producer's batch: its records, or their stand-ins."""

    def __init__(self, batch: Any, raw: bytes) -> None:
        self._batch = batch
        self._raw = raw

    def __getattr__(self, name: str) -> Any:
        return getattr(self._batch, name)

    def __iter__(self) -> Iterator[Any]:
        batch = self._batch
        try:
            raw: bytes | None = _unpacked(self._raw)
        except (_TooLarge, cramjam.DecompressionError, ValueError, struct.error) as error:
            span = f"{batch.base_offset} … {batch.next_offset - 1}"
            refusal = (
                Refusal("too_large", f"offset {span}: giải nén ra hơn {MAX_UNPACKED_BYTES >> 20} MiB · unpacks to more than that")
                if isinstance(error, _TooLarge)
                else Refusal("undecodable", f"offset {span}: không giải nén được · cannot be unpacked ({type(error).__name__})")
            )
            yield _stand_in(batch, batch.next_offset - 1, refusal)  # at the last offset, since a fetch may begin in the middle
            return
        while raw is not None:
            count = 0
            try:
                for count, record in enumerate(DefaultRecordBatch(raw), 1):  # noqa: B007  # the count tells which record raised
                    yield record
                raw = None
            except Exception as error:  # noqa: BLE001  # aiokafka would raise it again at every fetch
                offset, raw = _behind(raw or b"", count, batch.base_offset)
                yield _stand_in(
                    batch, offset, Refusal("undecodable", f"bản ghi không giải mã được · cannot be decoded ({type(error).__name__})")
                )


def _unpacked(raw: bytes) -> bytes:
    """The batch without compression. Raises `_TooLarge`."""
    (attributes,) = _ATTRIBUTES.unpack_from(raw)
    codec = attributes & _CODEC
    if not codec:
        return raw
    packed = raw[_HEADER_BYTES:]
    if codec == _SNAPPY:
        if sum(map(cramjam.snappy.decompress_raw_len, _snappy_blocks(packed))) > MAX_UNPACKED_BYTES:
            raise _TooLarge
        records: bytes = snappy_decode(packed)
    else:
        room = bytearray(MAX_UNPACKED_BYTES)  # unwritten pages cost nothing
        try:
            size = _PACKED[codec].decompress_into(packed, room)
        except cramjam.DecompressionError as error:
            if "whole buffer" in str(error):
                raise _TooLarge from None
            raise
        records = bytes(memoryview(room)[:size])
    header = bytearray(raw[:_HEADER_BYTES])
    struct.pack_into(">h", header, _ATTRIBUTES.size - 2, attributes & ~_CODEC)
    return bytes(header) + records


def _snappy_blocks(packed: bytes) -> Iterator[bytes]:
    """The blocks of the framing that Java writes; without that framing, one block."""
    if not packed.startswith(_XERIAL):
        yield packed
        return
    place = 16
    while place < len(packed):
        (size,) = struct.unpack_from(">i", packed, place)
        yield packed[place + 4 : place + 4 + size]
        place += 4 + max(size, 0)


def _behind(raw: bytes, count: int, base_offset: int) -> tuple[int, bytes | None]:
    """The offset of the record that follows the first `count`, and a batch of the records after it; None if it was the last."""
    (number,) = _COUNT.unpack_from(raw)
    records = bytearray(raw)
    place = _HEADER_BYTES
    for _ in range(count + 1):
        length, begin = decode_varint(records, place)
        place = begin + length
    _, behind = decode_varint(records, begin)  # attributes
    _, behind = decode_varint(records, behind)  # time
    delta, _ = decode_varint(records, behind)
    left = number - count - 1
    if not left:
        return base_offset + delta, None
    struct.pack_into(">i", records, _COUNT.size - 4, left)
    return base_offset + delta, bytes(records[:_HEADER_BYTES] + records[place:])


def _stand_in(batch: Any, offset: int, refusal: Refusal) -> DefaultRecord:
    log.error("undecodable", offset=offset, **refusal._asdict())
    return DefaultRecord(offset, batch.max_timestamp, batch.timestamp_type, None, None, [(REFUSED, refusal)])


def install() -> None:
    """Make all consumers of this process read with `SafeRecords`."""
    fetcher.MemoryRecords = SafeRecords
