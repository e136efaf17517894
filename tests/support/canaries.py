"""Payloads marked secret, each with a word in it that must be found nowhere afterwards."""

import json
from collections.abc import Iterator

import psycopg

from tests.builders import incident, reported

ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")


def marked(**changes: object) -> dict[str, object]:
    """An event that is marked secret."""
    return reported(incident(text="Công văn TUYỆT MẬT")) | changes


def canaries(word: str) -> list[bytes]:
    """A marked event with the word in each of its places, whole, cut off and in other encodings."""
    text = f"TUYỆT MẬT {word}"
    events = [
        reported(incident(text=text)),
        *(marked(**{place: word}) for place in ("id", "subject", "type", "time", "sequence", "specversion", word)),
        *(marked(source=source) for source in (f"/posts/{word}/d1", f"/posts/tan-thanh/{word}", word)),
        marked(data=incident(text="MẬT", facts={word: word})),
        marked(data=incident(text="MẬT", **{word: {word: [word]}})),
        marked(data=incident(handling=[{"action": "talks", "note": text}])),
        reported(incident(text=f"M\u200bẬ\U000e0020T {word}")),
        {"Độ mật": "mật", "nội dung": word},
    ]
    whole = [json.dumps(event, ensure_ascii=False).encode() for event in events]
    odd = [whole[0].decode().encode(encoding) for encoding in ENCODINGS[1:]]
    odd += ['{"text": "§é mËt: TuyÖt mËt '.encode("latin-1") + word.encode(), f'{{"text": "không à {word}"}}'.encode("utf-16")]
    return [*whole, *(event[:-2] for event in whole), *odd]


def assert_absent(word: str, where: str, content: bytes) -> None:
    """Fail where the word stands in the content, in any encoding or as hexadecimal digits."""
    lower = content.lower()
    for encoding in ENCODINGS:
        needle = word.encode(encoding)
        for form in (needle, needle.hex().encode()):
            at = lower.find(form)
            assert at < 0, f"{where} ({encoding}): …{content[max(0, at - 80) : at + 40]!r}…"


def every_row(url: str) -> Iterator[bytes]:
    """Every row of every table of a database, bytes as hexadecimal digits."""
    with psycopg.connect(url) as connection:
        tables = connection.execute("SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'").fetchall()
        for (table,) in tables:
            for (row,) in connection.execute(f"SELECT t::text FROM {table} t"):
                yield row.encode()
