"""What a person sees before a report goes: what it states, what the rules say of it, and which facts would settle it."""

from collections.abc import Iterator

from agreement.occurred import UNKNOWN, occurred_at
from agreement.words import WORDS, word
from border.places import gates, province_name
from mocgioi.views.incident import SHADOW
from mocgioi.views.report_questions import question_for
from posts.reporting import Judged
from schemas.codebook import KIND_LABELS, OUTCOME_LABELS, SIDE_LABELS, Kind, Outcome, Status
from schemas.codebook_entries import codes, fact_words, facts, facts_of
from schemas.incidents import Measured
from schemas.sound import SoundMeasured


def lines(judged: Judged) -> Iterator[str]:
    """The incident as it will stand, and the verdict on it."""
    for label, text in _fields(judged):
        if text:
            yield f"  {label:<11}{text}"
    clauses = f" ({', '.join(judged.clauses)})" if judged.clauses else ""
    yield f"  {'Kết luận':<11}{OUTCOME_LABELS[judged.outcome].vi}{clauses}"
    for finding in judged.verdict.findings:
        yield f"  {'':<11}- {SHADOW if finding.shadow else ''}{finding.explanation.vi}"
    if judged.outcome is Outcome.NEEDS_FACTS and judged.incident.kind is not None:
        asked = [question_for(fact) for fact in facts_of(Kind(judged.incident.kind)) if fact.entry.name in judged.missing]
        yield f"  {'Cần biết':<11}{' '.join(asked)}"


def in_one_line(judged: Judged) -> str:
    """An incident in a list to choose from."""
    return f"{_occurred(judged)}, {_place(judged)}: {_kind(judged)}; {OUTCOME_LABELS[judged.outcome].vi}"


def _place(judged: Judged) -> str:
    place = judged.incident.place
    match place:
        case None:
            return UNKNOWN
        case _ if place.scheme == "marker":
            where = f"mốc {place.marker}"
        case _ if place.scheme == "gate":
            where = gates()[place.gate].label
        case _:
            where = place.area or ""
    return ", ".join(filter(None, (where, province_name(place.province) if place.province else "")))


def _kind(judged: Judged) -> str:
    return KIND_LABELS[Kind(judged.incident.kind)].vi if judged.incident.kind else UNKNOWN


def _occurred(judged: Judged) -> str:
    occurred = judged.incident.occurred
    return UNKNOWN if occurred is None else occurred_at(occurred.start.isoformat(), occurred.precision)


def _fields(judged: Judged) -> Iterator[tuple[str, str]]:
    incident = judged.incident
    if incident.status is Status.EXERCISE:
        yield "DIỄN TẬP", "không được tính vào số liệu"
    yield "Việc", _kind(judged)
    yield "Lúc", _occurred(judged)
    yield "Nơi", _place(judged)
    yield "Phía", SIDE_LABELS[incident.side].vi if incident.side else ""
    yield "Hướng", _label("direction", incident.direction) if incident.direction else ""
    yield "Số đếm", ", ".join(_measure(measure) for measure in incident.measures)
    yield "Dữ kiện", "; ".join(_fact(name, value) for name, value in incident.facts.items())
    yield "Đã xử lý", ", ".join(_label("action", step.action) for step in incident.handling)
    yield "Ghi chú", incident.text or ""


def _fact(name: str, value: object) -> str:
    label = facts()[name].label.vi
    if name in WORDS and isinstance(value, bool | str | int | float):
        return f"{label}: {word(name, value).vi}"
    return f"{label}: {fact_words(name, value)}"


def _measure(measure: Measured | SoundMeasured) -> str:
    unit = measure.unit or _label("measure", measure.what)
    return f"{measure.n:g} {unit}" + (f" ({measure.nationality})" if measure.nationality else "")


def _label(name: str, code: str) -> str:
    return next((entry.label.vi for entry in codes()[name] if entry.code == code), code)
