"""Removing a secret payload reads the dead letters before it, whoever wrote them."""

from mocgioi.service.secret_removal import _letter
from schemas.topics import DEAD_LETTERS
from streams.batch import Loose


def test_a_dead_letter_that_cannot_be_read_stands_for_its_own_place() -> None:
    letter = _letter(Loose(7, b"{}", topic=DEAD_LETTERS, partition=3, headers=(("mg-topic", b"border.incidents.v1"),)))
    assert (letter.code, letter.payload) == ("unreadable", None)
    assert (letter.origin.topic, letter.origin.partition, letter.origin.offset) == (DEAD_LETTERS, 3, 7)
