"""The topics, their settings, and which event goes where."""

from dataclasses import dataclass

INCIDENTS = "border.incidents.v1"
CROSSINGS = "border.crossings.v1"
NOTICES = "border.notices.v1"
VERDICTS = "border.verdicts.v1"
DEAD_LETTERS = "border.deadletter.v1"
CONTROL = "border.control.v1"
"""The pause flag of each group. One partition, compacted, so that the latest flag of each group is kept for ever."""

DOOR = "door"
"""Where a dead letter came from that the door refused: it lies in no topic."""

SOURCES = (INCIDENTS, CROSSINGS, NOTICES)
"""Posts write these topics and classify reads them."""
RESULTS = (VERDICTS, DEAD_LETTERS)
"""What classify writes and record reads."""
TOPICS = (*SOURCES, *RESULTS, CONTROL)

GROUPS = {"classify": "mocgioi-classify", "record": "mocgioi-record"}
"""The consumer group of each stage."""
PARTITIONS = 12
"""Of every topic that carries events."""
MAX_EVENT_BYTES = 256 * 1024
MAX_MESSAGE_BYTES = 2 * 1024 * 1024
"""Of topics and producers: a verdict or a dead letter holds a whole event and always fits."""


@dataclass(frozen=True, slots=True)
class Durability:
    """How many copies a topic keeps."""

    replication: int
    min_insync: int


DEVELOPMENT = Durability(1, 1)
PRODUCTION = Durability(3, 2)


def partitions(topic: str) -> int:
    """How many partitions a topic has."""
    return 1 if topic == CONTROL else PARTITIONS


def settings(topic: str, durability: Durability) -> dict[str, str]:
    """A topic's settings. Everything is kept for ever: the topics are the replayable log."""
    return {
        "retention.ms": "-1",
        "retention.bytes": "-1",
        "cleanup.policy": "compact" if topic == CONTROL else "delete",
        "message.timestamp.type": "LogAppendTime",
        "max.message.bytes": str(MAX_MESSAGE_BYTES),
        "min.insync.replicas": str(durability.min_insync),
        "unclean.leader.election.enable": "false",  # a copy that lags would become the log, and acknowledged events be gone
    }


def topic_of(event_type: str) -> str:
    """The topic an event of this CloudEvents type is published to. Raises `KeyError` for a type that nobody publishes to one."""
    return _BY_FAMILY[event_type.removeprefix("vn.mocgioi.").split(".", 1)[0]]


_BY_FAMILY = {"incident": INCIDENTS, "conflict": INCIDENTS, "duty": INCIDENTS, "crossing": CROSSINGS, "post": NOTICES, "probe": NOTICES}
