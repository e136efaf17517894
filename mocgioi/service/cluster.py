"""The Kafka cluster of the settings."""

from mocgioi.service.settings import Settings
from schemas import topics
from streams.kafka import Cluster

GROUPS = topics.GROUPS
"""The consumer group of each stage."""


def cluster_of(settings: Settings) -> Cluster:
    """How to reach Kafka. `settings.kafka` must be set."""
    password = settings.kafka_password
    return Cluster(
        bootstrap=settings.kafka or "",
        ca_file=settings.kafka_ca_file,
        username=settings.kafka_username,
        password=password.get_secret_value() if password else None,
    )
