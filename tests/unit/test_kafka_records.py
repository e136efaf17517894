"""What Kafka may hold and aiokafka cannot read comes as a record that says why; what is around it comes as it is."""

import gzip
import tracemalloc

import cramjam
import pytest
from aiokafka.record.util import calc_crc32c

from streams.batch import Refusal
from streams.kafka_records import MAX_UNPACKED_BYTES, SafeRecords
from tests.support.kafka_batches import CODECS, batch, undecodable


def read(fetched: bytes) -> list[tuple[int, bytes | Refusal | None]]:
    """Offset and value of each record, or why there is none."""
    records = SafeRecords(fetched)
    answers: list[tuple[int, bytes | Refusal | None]] = []
    while records.has_next():
        following = records.next_batch()
        assert following.validate_crc()
        answers += [(record.offset, record.value if record.value is not None else record.headers[0][1]) for record in following]
    return answers


@pytest.mark.parametrize("codec", CODECS)
def test_batches_of_any_codec_are_read_as_they_are(codec: str) -> None:
    fetched = batch(b"one", b"two", codec=codec) + batch(b"three" * 1000, codec=codec, first=2)
    assert read(fetched) == [(0, b"one"), (1, b"two"), (2, b"three" * 1000)]
    assert SafeRecords(fetched).size_in_bytes() == len(fetched)
    assert read(fetched[:-1]) == [(0, b"one"), (1, b"two")], "the rest is fetched again"


@pytest.mark.parametrize("codec", ["gzip", "snappy", "lz4", "zstd"])
def test_a_batch_that_unpacks_to_too_much_is_one_refusal_and_takes_no_memory(codec: str) -> None:
    fetched = batch(b"before") + batch(b"x", b"y" * (MAX_UNPACKED_BYTES * 3), codec=codec, first=1) + batch(b"behind", first=3)
    tracemalloc.start()
    answers = read(fetched)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [offset for offset, _ in answers] == [0, 2, 3]
    refusal = answers[1][1]
    assert isinstance(refusal, Refusal)
    assert refusal.code == "too_large"
    assert "1 … 2" in refusal.reason
    assert peak < MAX_UNPACKED_BYTES + 10 * len(fetched)


def test_gzip_of_many_members_is_unpacked_whole_or_refused() -> None:
    plain = batch(b"one", b"two")
    for members, expected in ((3, "one"), (40, "too_large")):
        head, records = plain[:61], plain[61:]
        piece = gzip.compress(b"") if members == 3 else gzip.compress(b"y" * (MAX_UNPACKED_BYTES // 20))
        packed = bytearray(head + gzip.compress(records) + piece * members)
        packed[8:12] = (len(packed) - 12).to_bytes(4, "big")
        packed[21:23] = (1).to_bytes(2, "big")
        packed[17:21] = calc_crc32c(bytes(packed[21:])).to_bytes(4, "big")
        value = read(bytes(packed))[0][1]
        assert (value.code if isinstance(value, Refusal) else (value or b"").decode()) == expected


def test_a_batch_that_does_not_unpack_is_one_refusal() -> None:
    broken = bytearray(batch(b"one", b"two" * 100, codec="zstd", first=5))
    broken[70:90] = b"\x00" * 20
    broken[17:21] = calc_crc32c(bytes(broken[21:])).to_bytes(4, "big")
    ((offset, refusal),) = read(bytes(broken))
    assert offset == 6
    assert isinstance(refusal, Refusal)
    assert refusal.code == "undecodable"


@pytest.mark.parametrize("odd", [[0], [1], [3], [0, 1], [1, 3], [0, 1, 2, 3]], ids=str)
def test_a_header_whose_name_is_no_utf_8_refuses_its_record_only(odd: list[int]) -> None:
    values = [b"0", b"1", b"2", b"3"]
    fetched = undecodable(batch(*values, first=10, headers=dict.fromkeys(odd, ("ZZ", b"value"))))
    answers = read(fetched + batch(b"4", first=14))
    assert [offset for offset, _ in answers] == [10, 11, 12, 13, 14]
    for number, (_, value) in enumerate(answers[:4]):
        if number in odd:
            assert isinstance(value, Refusal)
            assert value.code == "undecodable"
        else:
            assert value == values[number]


def test_the_room_of_every_codec_is_told_apart_from_broken_data() -> None:
    """The message by which `cramjam` says that the room is too small is not part of its contract."""
    for codec in (cramjam.gzip, cramjam.lz4, cramjam.zstd):
        with pytest.raises(cramjam.DecompressionError, match="whole buffer"):
            codec.decompress_into(bytes(codec.compress(b"x" * 1000)), bytearray(999))
        assert codec.decompress_into(bytes(codec.compress(b"x" * 1000)), bytearray(1000)) == 1000
