"""The record's tables. `event` is the evidence and append-only; the others are computed from it, or say what happened to a payload.

Bodies are `json`, not `jsonb`, to keep the text as the post wrote it. Keys and shown texts are NFC, so that equal texts compare equal.
"""

from sqlalchemy import (
    ARRAY,
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    text,
)

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

Moment = DateTime(timezone=True)


def _nfc(*columns: str) -> CheckConstraint:
    return CheckConstraint(" AND ".join(f"{column} IS NFC NORMALIZED" for column in columns), name="nfc")


def _origin() -> list[Column[object]]:
    """Where a payload was read: the log (a cluster id or a spool's UUID), and its place there."""
    return [
        Column("log", Text, nullable=False),
        Column("topic", Text, nullable=False),
        Column("partition", Integer, nullable=False),
        Column("offset", BigInteger, nullable=False),
        Column("received_at", Moment, nullable=False),
    ]


event = Table(
    "event",
    metadata,
    Column("source", Text, nullable=False),
    Column("id", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("time", Moment, nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("occurred_start", Moment),
    Column("body", JSON, nullable=False),
    *_origin(),
    Column("recorded_at", Moment, nullable=False),
    PrimaryKeyConstraint("source", "id"),
    UniqueConstraint("source", "sequence"),
    _nfc("source", "id", "subject"),
    Index(None, "subject"),
    Index("ix_event_occurred_start", "occurred_start", postgresql_where=text("occurred_start IS NOT NULL")),
    Index("ix_event_settled", "subject", postgresql_where=text("type = 'vn.mocgioi.conflict.settled.v1'")),
    Index("ix_event_duty", "subject", postgresql_where=text("type LIKE 'vn.mocgioi.duty.%'")),
    Index("ix_event_received", "received_at", postgresql_using="brin"),
    Index("ix_event_notice", "occurred_start", postgresql_where=text("type = 'vn.mocgioi.post.reported.v1'")),
    Index(
        "ix_event_corrects",
        text("(body #>> '{data,corrects,source}')"),
        text("(body #>> '{data,corrects,id}')"),
        postgresql_where=text("type = 'vn.mocgioi.crossing.corrected.v1'"),
    ),
)
"""What posts and offices said. A trigger refuses UPDATE, DELETE and TRUNCATE.

`occurred_start` is what the event itself states: the start of an incident, or of the interval of a crossing count or of a post's notice.
"""

verdict = Table(
    "verdict",
    metadata,
    Column("source", Text, nullable=False),
    Column("id", Text, nullable=False),
    Column("rule_pack", Text, nullable=False),
    Column("judge_version", Integer, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("findings", JSON, nullable=False),
    Column("recorded_at", Moment, nullable=False),
    PrimaryKeyConstraint("source", "id", "rule_pack", "judge_version"),
)
"""The verdicts on each event alone."""


incident_state = Table(
    "incident_state",
    metadata,
    Column("subject", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("recorded_at", Moment, nullable=False),
    Column("superseded_at", Moment),
    Column("complete", Boolean, nullable=False),
    Column("retracted", Boolean, nullable=False),
    Column("kind", Text),
    Column("status", Text),
    Column("occurred_start", Moment),
    Column("occurred_precision", Text),
    Column("side", Text),
    Column("direction", Text),
    Column("scheme", Text),
    Column("gate", Text),
    Column("area", Text),
    Column("province", Text),
    Column("district", Text),
    Column("commune", Text),
    Column("act", Text),
    Column("outcome", Text, nullable=False),
    Column("clauses", ARRAY(Text), nullable=False),
    Column("article39", ARRAY(SmallInteger), nullable=False),
    Column("markers", ARRAY(Text), nullable=False),
    Column("measures", JSON(none_as_null=True)),
    Column("reporter", Text, nullable=False),
    Column("machine_outcome", Text, nullable=False),
    Column("assessed", Boolean, nullable=False),
    Column("facts_after_assessment", Boolean, nullable=False),
    Column("judge_failed", Boolean, nullable=False),
    Column("rule_pack", Text, nullable=False),
    Column("judge_version", Integer, nullable=False),
    Column("findings", JSON(none_as_null=True)),
    Column("events", ARRAY(Text), nullable=False),
    Column("known_at", Moment),
    PrimaryKeyConstraint("subject", "version"),
    Index(None, "occurred_start"),
    Index(None, "recorded_at", postgresql_using="brin", postgresql_with={"autosummarize": "on"}),
    Index("ix_incident_state_judge_failed", "subject", postgresql_where=text("judge_failed")),
)
"""Every state that an incident ever had in the record, and when it held: [recorded_at, superseded_at).

`act` is the fact `act` of an incident at sea, several with commas between them, and the fact `state` of a damaged marker.
`outcome`, `side`, `clauses` and `article39` are those that count (an assessment's where there is one); `machine_outcome` and `findings` are the
rules'. `findings` is null where the `verdict` on the incident's one event has them already (function `findings_of`). `events` are those that
arrived with this state, each as `source id`; the state is folded from them and from the events of the states before it.

The view `incident` has the newest states; the function `incident_as_of(moment)` those the record held at a moment.
"""

incident = Table("incident", MetaData(), *(Column(column.name, column.type) for column in incident_state.columns))
"""The view of the newest states."""

crossing_state = Table(
    "crossing_state",
    metadata,
    Column("source", Text, nullable=False),
    Column("id", Text, nullable=False),
    Column("position", SmallInteger, nullable=False),
    Column("recorded_at", Moment, nullable=False),
    Column("superseded_at", Moment),
    Column("stated_source", Text, nullable=False),
    Column("stated_id", Text, nullable=False),
    Column("gate", Text, nullable=False),
    Column("direction", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("interval_start", Moment, nullable=False),
    Column("interval_end", Moment, nullable=False),
    Column("what", Text, nullable=False),
    Column("n", Numeric, nullable=False),
    Column("unit", Text),
    Column("nationality", Text),
    PrimaryKeyConstraint("source", "id", "recorded_at", "position"),
    Index(None, "gate", "interval_start"),
    Index(None, "interval_start"),
    Index(
        "ix_crossing_state_long",
        text("tstzrange(interval_start, interval_end, '[]')"),
        postgresql_using="gist",
        postgresql_where=text("interval_end - interval_start > interval '1 day'"),
    ),
)
"""What each crossing record counts, a row for each measure, and when it held: its own numbers until a correction arrives, then the correction's.

`source` and `id` are the record's; `stated_*` name the event these numbers are from. The view `crossing` has the newest rows; the function
`crossing_as_of(moment)` those the record held at a moment.
"""

crossing = Table("crossing", MetaData(), *(Column(column.name, column.type) for column in crossing_state.columns))
"""The view of what crossing records count now."""

rejudging = Table(
    "rejudging",
    metadata,
    Column("number", Integer, nullable=False),
    Column("rule_pack", Text, nullable=False),
    Column("judge_version", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    Column("recorded_at", Moment, nullable=False),
    PrimaryKeyConstraint("number"),
    _nfc("reason"),
)
"""Each time the history was judged again on purpose, and why."""

rejudged_version = Table(
    "rejudged_version",
    metadata,
    Column("subject", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("rejudging", Integer, nullable=False),
    PrimaryKeyConstraint("subject", "version"),
    ForeignKeyConstraint(["rejudging"], ["rejudging.number"]),
)
"""The states of incidents that no event made: each belongs to a rejudging."""

consumed_offset = Table(
    "consumed_offset",
    metadata,
    Column("log", Text, nullable=False),
    Column("topic", Text, nullable=False),
    Column("partition", Integer, nullable=False),
    Column("next_offset", BigInteger, nullable=False),
    Column("incarnation", Text),
    Column("last_offset", BigInteger),
    Column("last_timestamp", BigInteger),
    Column("last_digest", Text),
    PrimaryKeyConstraint("log", "topic", "partition"),
)
"""The next position to read of each partition, moved in the transaction that records what was read.

`incarnation` is Kafka's id of the topic, or a spool's UUID; it is NULL until the next start where an earlier version stored the position. The
`last_` columns are the offset, the log's time (milliseconds) and a digest of the record read last: an older log put back has another there.
"""

position_reset = Table(
    "position_reset",
    metadata,
    Column("number", Integer, Identity(always=True), nullable=False),
    Column("reset_at", Moment, nullable=False),
    Column("reset_by", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("log", Text, nullable=False),
    Column("before", JSON, nullable=False),
    Column("after", JSON, nullable=False),
    PrimaryKeyConstraint("number"),
    _nfc("reset_by", "reason"),
)
"""Each time a person said where the stages go on, and why. A trigger refuses every change."""

dead_letter = Table(
    "dead_letter",
    metadata,
    *_origin(),
    Column("code", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("payload", LargeBinary),
    Column("sha256", Text, nullable=False),
    Column("key", LargeBinary),
    Column("source", Text),
    Column("recorded_at", Moment, nullable=False),
    Column("redriven_at", Moment),
    Column("payload_removed_at", Moment),
    Column("sequence", BigInteger),
    Column("event_id", Text),
    Column("problems", JSON(none_as_null=True)),
    PrimaryKeyConstraint("log", "topic", "partition", "offset", "received_at", "sha256"),
    CheckConstraint("payload IS NULL OR payload_removed_at IS NULL", name="removed"),
    Index("ix_dead_letter_sequence", "source", "sequence", postgresql_where=text("sequence IS NOT NULL")),
    Index("uq_dead_letter_door", "source", "sequence", "sha256", unique=True, postgresql_where=text("topic = 'door'")),
)
"""Payloads that could not be processed. A topic made anew, or an older one put back, has other records at the same places, so a letter is
identified by its place, the time at which the log took it, and its SHA-256. One marked secret has no payload; others lose it after some days.

`sequence`, `event_id` and `problems` are there where the payload named them: a device's receipt needs them."""

device_key = Table(
    "device_key",
    metadata,
    Column("sha256", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("issued_at", Moment, nullable=False),
    Column("revoked_at", Moment),
    PrimaryKeyConstraint("sha256"),
    Index("uq_device_key_standing", "source", unique=True, postgresql_where=text("revoked_at IS NULL")),
)
"""The key that each device speaks to the door with, and those it had. A device without a standing key is revoked."""

audit = Table(
    "audit",
    metadata,
    Column("number", BigInteger, Identity(always=True), nullable=False),
    Column("recorded_at", Moment, nullable=False),
    Column("actor", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("object", Text),
    Column("detail", Text),
    PrimaryKeyConstraint("number"),
    _nfc("actor", "object", "detail"),
)
"""What somebody tried and may not do. A trigger refuses every change."""

secret_removal = Table(
    "secret_removal",
    metadata,
    Column("number", Integer, Identity(always=True), nullable=False),
    Column("log", Text, nullable=False),
    Column("topic", Text, nullable=False),
    Column("partition", Integer, nullable=False),
    Column("offset", BigInteger, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("removed_by", Text, nullable=False),
    Column("confirmed_by", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("recorded_at", Moment, nullable=False),
    PrimaryKeyConstraint("number"),
    CheckConstraint("lower(removed_by) <> lower(confirmed_by)", name="two_persons"),
    _nfc("removed_by", "confirmed_by", "reason"),
)
"""Who had which secret payload removed from the logs and from `dead_letter`, and why. A trigger refuses every change."""

conflict = Table(
    "conflict",
    metadata,
    Column("source", Text, nullable=False),
    Column("id", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("time", Moment, nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("body", JSON, nullable=False),
    Column("conflicts_by", Text, nullable=False),
    Column("with_id", Text, nullable=False),
    *_origin(),
    Column("recorded_at", Moment, nullable=False),
    Column("settled_at", Moment),
    PrimaryKeyConstraint("source", "id", "digest"),
    CheckConstraint("conflicts_by IN ('id', 'sequence')", name="conflicts_by"),
)
"""Events whose id, or whose sequence under another id (`with_id`), the record holds with another body. `digest` is of the body as a JSON
value, so that a conflict delivered again is recognised. `settled_at` is when an office's first settlement of it was recorded."""

baseline = Table(
    "baseline",
    metadata,
    Column("number", Integer, Identity(always=True), nullable=False),
    Column("unit", Text, nullable=False),
    Column("period", Text, nullable=False),
    Column("regime", Text),
    Column("figure", Text, nullable=False),
    Column("value", Numeric, nullable=False),
    Column("source", Text, nullable=False),
    Column("page", Text),
    Column("file_sha256", Text, nullable=False),
    Column("loaded_at", Moment, nullable=False),
    Column("withdrawn_at", Moment),
    Column("withdrawn_reason", Text),
    PrimaryKeyConstraint("number"),
    CheckConstraint("value >= 0 AND value < 'Infinity'", name="finite"),
    CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_reason IS NULL)", name="withdrawn"),
    _nfc("figure", "source", "page", "withdrawn_reason"),
    Index(
        "uq_baseline_standing",
        "unit",
        "period",
        "regime",
        "figure",
        unique=True,
        postgresql_where=text("withdrawn_at IS NULL"),
        postgresql_nulls_not_distinct=True,
    ),
)
"""Totals published before the record began, kept apart from events and shown as such. A null `regime` means any. Triggers let a row be
withdrawn once, and nothing else be changed."""

issued_report = Table(
    "issued_report",
    metadata,
    Column("unit", Text, nullable=False),
    Column("regime", Text, nullable=False),
    Column("period", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("number", Integer, Identity(always=True), nullable=False),
    Column("as_of", Moment, nullable=False),
    Column("issued_by", Text, nullable=False),
    Column("data_sha256", Text, nullable=False),
    Column("report", JSON, nullable=False),
    Column("issued_at", Moment, nullable=False),
    PrimaryKeyConstraint("unit", "regime", "period", "version"),
    UniqueConstraint("number"),
    _nfc("issued_by"),
)
"""Reports as they were issued: the whole of `reports.model.Report`, as canonical JSON text. A trigger refuses every change."""

issued_document = Table(
    "issued_document",
    metadata,
    Column("unit", Text, nullable=False),
    Column("regime", Text, nullable=False),
    Column("period", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("format", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("sha256", Text, nullable=False),
    PrimaryKeyConstraint("unit", "regime", "period", "version", "format"),
    ForeignKeyConstraint(
        ["unit", "regime", "period", "version"],
        ["issued_report.unit", "issued_report.regime", "issued_report.period", "issued_report.version"],
    ),
)
"""Their documents, byte by byte as they went out. A trigger refuses every change."""

report_act = Table(
    "report_act",
    metadata,
    Column("number", Integer, Identity(always=True), nullable=False),
    Column("unit", Text, nullable=False),
    Column("regime", Text, nullable=False),
    Column("period", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("act", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("by_office", Text, nullable=False),
    Column("reason", Text),
    Column("at", Moment, nullable=False),
    PrimaryKeyConstraint("number"),
    ForeignKeyConstraint(
        ["unit", "regime", "period", "version"],
        ["issued_report.unit", "issued_report.regime", "issued_report.period", "issued_report.version"],
    ),
    CheckConstraint("act IN ('submitted', 'returned', 'approved', 'locked', 'unlock_requested', 'unlocked')", name="act"),
    _nfc("reason"),
    Index(None, "unit", "regime", "period", "version"),
)
"""What officers did with issued versions, as `reports.levels` has it. `by` is a login. A trigger refuses every change."""

report_run = Table(
    "report_run",
    metadata,
    Column("number", Integer, Identity(always=True), nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("ended_at", Moment, nullable=False),
    Column("ok", Boolean, nullable=False),
    Column("built", Integer, nullable=False),
    Column("reason", Text),
    PrimaryKeyConstraint("number"),
)
"""Each run of the periodic job: how many reports it built and, where it failed, why."""

report_built = Table(
    "report_built",
    metadata,
    Column("unit", Text, nullable=False),
    Column("regime", Text, nullable=False),
    Column("period", Text, nullable=False),
    Column("built_at", Moment, nullable=False),
    Column("as_of", Moment, nullable=False),
    Column("data_sha256", Text, nullable=False),
    Column("errors", Integer, nullable=False),
    PrimaryKeyConstraint("unit", "regime", "period", "built_at"),
)
"""What the periodic job built, and how many of its checks were errors."""

flash_class = Table(
    "flash_class",
    metadata,
    Column("kind", Text, nullable=False),
    Column("act", Text, nullable=False),
    PrimaryKeyConstraint("kind", "act"),
)
"""The kinds of incidents that wake a person at once, as `duty.flash` has them. An empty `act` is any. Dashboards' alerts ask this table."""

duty_user = Table(
    "duty_user",
    metadata,
    Column("login", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("province", Text),
    Column("office", Text, nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("disabled_at", Moment),
    Column("failures", Integer, nullable=False),
    Column("locked_until", Moment),
    PrimaryKeyConstraint("login"),
    CheckConstraint("role IN ('viewer', 'duty', 'admin')", name="role"),
)
"""The users of the officers' pages and of `mocgioi duty`. A null `province` is the whole line. `failures` counts wrong passwords in a row."""

duty_session = Table(
    "duty_session",
    metadata,
    Column("token_sha256", Text, nullable=False),
    Column("login", Text, nullable=False),
    Column("csrf", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    PrimaryKeyConstraint("token_sha256"),
    ForeignKeyConstraint(["login"], ["duty_user.login"]),
)
"""Who is logged in. The token itself is in the browser's cookie only. A session is closed by letting it expire."""

notification = Table(
    "notification",
    metadata,
    Column("number", BigInteger, Identity(always=True), nullable=False),
    Column("subject", Text),
    Column("alert", Text, nullable=False),
    Column("receiver", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("detail", Text),
    Column("at", Moment, nullable=False),
    PrimaryKeyConstraint("number"),
    CheckConstraint("status IN ('posted', 'failed', 'firing', 'resolved')", name="status"),
    _nfc("alert", "receiver", "detail"),
    Index(None, "subject"),
)
"""The ledger: which notification went to whom, and when. `subject` is the incident, null for the alert of a failing part. A trigger refuses every change.

`posted` and `failed` are the notifier's calls of Alertmanager; `firing` and `resolved` are what Alertmanager sent to a receiver."""

probe = Table(
    "probe",
    metadata,
    Column("source", Text, nullable=False),
    Column("sent_at", Moment, nullable=False),
    Column("received_at", Moment, nullable=False),
    Column("recorded_at", Moment, nullable=False),
    PrimaryKeyConstraint("source"),
)
"""The newest probe of each sender that came through the whole path. It is no event and counts nowhere."""

officer = Table("officer", MetaData(), *(Column(name, Text) for name in ("login", "role", "province", "office")))
"""The view of users who are not disabled, without what guards their passwords: whoever issues reports may look up who acts."""

duty_state = Table(
    "duty_state",
    MetaData(),
    Column("subject", Text),
    Column("acknowledged_at", Moment),
    Column("acknowledged_by", Text),
    Column("assigned_to", Text),
    Column("due", Moment),
    Column("outgrown_by", Text),
)
"""The view of what officers did about an incident: the first acknowledgement, the newest assignment, the newest deadline.

An acknowledgement of less than a flash incident does not hold once the incident is of the flash class: `outgrown_by` gave the newest of those.
The function `duty_state_as_of(moment)` has the same as the record knew it at a moment.
"""

attention = Table(
    "attention",
    MetaData(),
    Column("subject", Text),
    Column("class", Text),
    *(
        Column(name, incident_state.c[name].type)
        for name in ("kind", "act", "outcome", "side", "province", "gate", "markers", "occurred_start")
    ),
    Column("reporter", Text),
    Column("received_at", Moment),
    Column("known_at", Moment),
    Column("via", Text),
    *(Column(column.name, column.type) for column in duty_state.columns if column.name != "subject"),
    Column("reported_at", Moment),
)
"""The view of what needs a person: actual incidents that are not retracted, each with its class `flash`, `breach` or `needs_facts`.

`received_at` is when the door, or the log, took its first report or, while nobody has acknowledged it, the event that gave it its class; `known_at`
when the unit came to know of it, else when it occurred; `via` how the first report came, `reported_at` when. The functions `is_news` and `wakes`
say of such a row whether it is news at all, and whether it may wake a person at a moment. `sinks.postgres.scope` reads the same view restricted to
an officer's province."""
