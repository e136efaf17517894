"""Events set aside because their device's number was used already: by that device by mistake, or by another that squats its numbers.

Of two events about one incident, its own page shows both; of two incidents, one is not counted, and nobody would look for it.
"""

from collections.abc import Iterable

from sqlalchemy import Connection, Row, text

from reports.audit.naming import some
from reports.model import Check, Report, Severity
from texts.wording import padded

_ASIDE = """
SELECT conflict.source, conflict.sequence, conflict.id, conflict.subject, conflict.topic, conflict.partition, conflict."offset",
    first.id AS first_id, first.subject AS first_subject, first.topic AS first_topic, first.partition AS first_partition,
    first."offset" AS first_offset
FROM conflict JOIN event AS first ON first.source = conflict.source AND first.id = conflict.with_id
WHERE conflicts_by = 'sequence' AND conflict.subject <> first.subject AND conflict.source || ' ' || conflict.id = ANY(:open) AND conflict.recorded_at <= :as_of
ORDER BY conflict.source, conflict.sequence, conflict.recorded_at, conflict.id
"""


def same_sequence(connection: Connection, report: Report) -> Iterable[Check]:
    """Of the unit's conflicts that no office has settled, those of a number used for two subjects: both events, and where each was read."""
    figure = report.figure("open.conflicts")
    if figure is None or not figure.subjects:
        return
    rows = connection.execute(text(_ASIDE), {"open": list(figure.subjects), "as_of": report.as_of}).all()
    if rows:
        named = some([_named(row) for row in rows], between="; ")
        message = (
            f"{padded(len(rows))} tin để riêng vì số thứ tự đã có tin khác dùng, có thể do máy khác mạo số và là một vụ chưa được tính; "
            f"cơ quan nhận cả hai bằng `mocgioi incidents conflicts settle … --stands both`: {named}"
        )
        subjects = tuple(dict.fromkeys(subject for row in rows for subject in (row.subject, row.first_subject)))
        yield Check(code="same_sequence", severity=Severity.REVIEW, message=message, subjects=subjects)


def _named(row: Row[tuple[object, ...]]) -> str:
    return (
        f"{row.source} số {row.sequence}: {row.id} ({row.topic}[{row.partition}]@{row.offset}) để riêng, "
        f"{row.first_id} ({row.first_topic}[{row.first_partition}]@{row.first_offset}) đã ghi"
    )
