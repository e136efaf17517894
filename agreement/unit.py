"""Which province an incident counts for."""

from agreement.incident import Incident
from agreement.packs import day_of
from agreement.province import province_of_place
from border import places


def unit_of(incident: Incident) -> places.Province | None:
    """The province of its place on the day it occurred, else the reporting post's; None where none is known."""
    day = day_of(incident.first_time if incident.occurred is None else incident.occurred.start)
    located = None if incident.place is None else province_of_place(incident.place, day)
    return places.province_of_source(incident.reporter, day) if located is None else located
