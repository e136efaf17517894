"""What is known of a process that ended without a word, from the notes it left."""

import pytest

from streams.batch import Batch, Loose
from streams.crash_notes import ENDS, Held, Note, after, read_note

PART = ("list", 0)


def worked_on(note: Note, offset: int, *, until: int = 100) -> tuple[Note, bool]:
    """The note of the record at an offset that is worked on alone, and whether it is set aside."""
    batch = Batch("list", [Loose(offset, b"{}", topic="list")], {PART: (offset, offset + 1)})
    taken, notes = Held({PART: note}, {PART: until}).take(batch)
    return notes[PART], bool(taken.set_aside)


def test_ends_at_one_place_add_up_and_those_at_another_begin_anew() -> None:
    assert after(None, 7) == Note(7, 0)
    assert after(Note(7, 0), 7) == Note(7, 1)
    assert after(Note(7, 1), 7) == Note(7, 2)
    assert after(Note(7, 5, alone=2), 9) == Note(9, 1), "it had moved on"


def test_the_record_that_ended_the_process_twice_alone_is_set_aside_and_no_other() -> None:
    found, refused = Note(7, ENDS), []
    while not refused or not refused[-1]:
        note, is_refused = worked_on(found, 7)
        refused.append(is_refused)
        found = after(note, 7)
    assert refused == [False] * ENDS + [True]
    assert worked_on(found, 8) == (Note(8, ENDS, 1), False)


def test_reading_a_record_again_in_the_same_process_counts_once() -> None:
    held = Held({PART: Note(7, ENDS, alone=1)}, {PART: 100})
    batch = Batch("list", [Loose(7, b"{}", topic="list")], {PART: (7, 8)})
    assert [held.take(batch)[1][PART].alone for _ in range(5)] == [2] * 5


def test_a_close_look_ends_where_the_other_worker_may_have_been() -> None:
    held = Held({PART: Note(7, ENDS)}, {PART: 8})
    assert held.closely == [PART]
    held.take(Batch("list", [Loose(7, b"{}", topic="list")], {PART: (7, 8)}))
    assert held.closely == []


@pytest.mark.parametrize("metadata", ["", None, "0", "1 2 3", "x y", "-1 0", "1e3 0", "9" * 5000 + " 0"])
def test_what_is_no_note_of_ours_says_nothing(metadata: str) -> None:
    assert read_note(7, metadata) is None
    assert read_note(7, "2 1") == Note(7, 2, 1)
