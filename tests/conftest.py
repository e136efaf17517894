"""The real parts tests share. What a fixture needs is imported when it is first used: unit tests start at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.kafka import Broker


@pytest.fixture(scope="session")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    """The broker of the whole run: share it, never stop it."""
    from tests.support.kafka import single_node  # noqa: PLC0415

    broker = single_node(tmp_path_factory.mktemp("kafka"))
    broker.start()
    yield broker
    broker.stop()


@pytest.fixture
def fresh_topics(kafka: Broker) -> str:
    """The bootstrap address of the shared broker, with the five topics new and empty."""
    from tests.support.kafka import fresh_topics  # noqa: PLC0415

    fresh_topics(kafka.bootstrap)
    return kafka.bootstrap


@pytest.fixture
def own_broker(tmp_path: Path) -> Iterator[Broker]:
    """A started broker for one test, with no topics, to be killed and restarted at will."""
    from tests.support.kafka import single_node  # noqa: PLC0415

    broker = single_node(tmp_path / "kafka")
    broker.start()
    yield broker
    broker.kill()
