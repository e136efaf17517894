"""What the commands of a post share: its device, its spool, and sending at once where the centre answers."""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mocgioi.service.settings import Settings, load
from mocgioi.service.spools import AnotherSends, alone_with, post_spool_of
from mocgioi.views.output import fail, note, waiting
from mocgioi.views.post_status import warn_of_skew
from posts.device import Device, enrolled
from posts.mint import NewEvent
from posts.post_spool import PATIENCE_S, EventState, PostSpool
from schemas.events import AnyEvent
from schemas.failures import Failure
from schemas.problems import InvalidEvent

if TYPE_CHECKING:  # reporting offline needs no network
    from posts.centre import Centre, Patience
    from posts.send import Sent


_LOOK_S, _POLL_S, _QUIET_POLL_S = 0.5, 5.0, 60.0
"""Between two looks at the spool; between two questions to the centre while an event has no receipt, and while all have theirs."""


@dataclass(frozen=True, slots=True)
class Post:
    """The device that this machine is, with its spool."""

    settings: Settings
    spool: PostSpool

    @property
    def device(self) -> Device:
        """As it is now: while this command runs, another may enrol the machine anew."""
        return enrolled(self.settings.home)

    def mint(self, events: Iterable[NewEvent]) -> list[AnyEvent]:
        """Write new events to the spool; leaves with their problems where validation refuses one."""
        try:
            return self.spool.mint(self.device.source, events)
        except InvalidEvent as refused:
            fail(refused.code, refused.sentence)

    def send(self, patience: "Patience", *, on_progress: Callable[[int], None] = lambda _: None) -> "Sent":
        """Send all that waits, one command at a time. Raises as `posts.send.send`, and `Failure` where another command is sending."""
        from posts.send import send

        with alone_with(self.spool.path, patience_s=PATIENCE_S):
            device = self.device
            with self.centre(device, patience) as centre:
                return send(self.spool, device, centre, on_progress=on_progress)

    def send_now(self, event: AnyEvent) -> EventState:
        """Try to send what waits, that event among it. Gives how far it came."""
        from posts.centre import AT_ONCE

        try:
            self.send(AT_ONCE)
        except Failure as away:
            note(away.code, f"tin đã lưu trên máy này, chưa gửi: {away.sentence} · kept here, not sent yet")
        if (contact := self.spool.contact(self.device.source)) is not None:
            warn_of_skew(contact.skew_s)
        return self.spool.state_of(event.source, event.number)

    def watch(self) -> Iterator[EventState]:
        """Send whenever something waits and the centre answers; gives each event whose receipt came. Ends only with an exception."""
        import stamina

        from posts.centre import AT_ONCE, backoff
        from posts.send import fetch_receipts

        def again(error: Exception) -> bool | float:
            return isinstance(error, AnotherSends) or backoff(error)

        answered = {state.row for state in self.spool.states() if state.receipt is not None}
        while True:
            unanswered = self._unanswered()
            for attempt in stamina.retry_context(on=again, attempts=None, timeout=None, wait_initial=2, wait_max=60, wait_jitter=5):
                # The turn is given up between attempts, so that other commands are not kept waiting while the line is down.
                with attempt:
                    self.send(AT_ONCE)
                    with self.centre(self.device, AT_ONCE) as centre:
                        fetch_receipts(self.spool, self.device, centre)
            for state in reversed(self.spool.states(limit=max(unanswered, self._unanswered()))):
                if state.receipt is not None and state.row not in answered:
                    answered.add(state.row)
                    yield state
            self._wait(_POLL_S if self._unanswered() else _QUIET_POLL_S)

    def _unanswered(self) -> int:
        """How many of the newest events there are from the first one on that has no receipt."""
        source = self.device.source
        return self.spool.last_number(source) + 1 - self.spool.unanswered_from(source)

    def _wait(self, poll_s: float) -> None:
        """Wait for the next look, or for an event of another command."""
        ends, newest = time.monotonic() + poll_s, self.spool.bounds()[1]
        while time.monotonic() < ends and self.spool.bounds()[1] == newest:
            time.sleep(_LOOK_S)

    def fetch_receipts(self) -> None:
        """Ask for receipts; where the centre does not answer, note it on the screen and keep those that are here."""
        from posts.centre import AT_ONCE
        from posts.send import fetch_receipts

        try:
            device = self.device
            with self.centre(device, AT_ONCE) as centre:
                fetch_receipts(self.spool, device, centre)
        except Failure as away:
            note(away.code, f"{away.sentence}; dưới đây là điều đã biết · what follows is what was known before")

    @contextmanager
    def centre(self, device: Device, patience: "Patience") -> "Iterator[Centre]":
        """The door of the centre."""
        from mocgioi.service import logs
        from posts.centre import Centre

        logs.at_prompt(self.settings)
        centre = Centre(device.server, device.key, patience, on_waiting=lambda: waiting("trung tâm · the centre"))
        try:
            yield centre
        finally:
            centre.close()


@contextmanager
def post() -> Iterator[Post]:
    """The device that this machine is. Raises `NotEnrolled` and `SpoolProblem`."""
    settings = load()
    enrolled(settings.home)
    with post_spool_of(settings) as spool:
        yield Post(settings, spool)
