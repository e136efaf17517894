"""Batches of records as a producer writes them, and as only another language's client can."""

from aiokafka.record.default_records import DefaultRecordBatchBuilder
from aiokafka.record.util import calc_crc32c

CODECS = {"none": 0, "gzip": 1, "snappy": 2, "lz4": 3, "zstd": 4}


def batch(*values: bytes, codec: str = "none", first: int = 0, headers: dict[int, tuple[str, bytes | None]] | None = None) -> bytes:
    """Records as a producer sends them, as if the log had given the first of them the offset `first`."""
    builder = DefaultRecordBatchBuilder(
        magic=2, compression_type=CODECS[codec], is_transactional=0, producer_id=-1, producer_epoch=-1, base_sequence=0, batch_size=10**9
    )
    for number, value in enumerate(values):
        held = [headers[number]] if headers and number in headers else []
        builder.append(number, timestamp=1_766_898_000_000, key=b"key", value=value, headers=held)
    built = bytearray(builder.build())
    built[:8] = first.to_bytes(8, "big")
    return bytes(built)


def undecodable(fetched: bytes) -> bytes:
    """With the header names `ZZ` made bytes of no UTF-8."""
    odd = bytearray(fetched.replace(b"ZZ", b"\xff\xfe"))
    odd[17:21] = calc_crc32c(bytes(odd[21:])).to_bytes(4, "big")
    return bytes(odd)
