"""Which province an incident counts for."""

from agreement.incident import Incident
from agreement.packs import day_of
from agreement.scope import LINE
from schemas import markers, places
from schemas.incidents import GatePlace, MarkerPlace


def unit_of(incident: Incident) -> places.Province | None:
    """The province stated, else the marker's or gate's on the day it occurred, else the reporting post's; None where none is known.

    A stated province stays as it was said, even where it has since been merged into another: `places.province_on` follows it.
    """
    place = incident.place
    if place is not None and place.province is not None:
        return place.province
    day = day_of(incident.first_told if incident.occurred is None else incident.occurred.start)
    found = None
    if isinstance(place, MarkerPlace) and place.line == LINE:
        found = places.province_of_marker(markers.parse(place.marker).items, day)
    elif isinstance(place, GatePlace):
        found = places.province_of_gate(place.gate, day)
    return places.province_of_source(incident.reporter, day) if found is None else found
