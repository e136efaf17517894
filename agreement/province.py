"""The province a place lies in on a day."""

from datetime import date

from agreement.scope import LINE
from border import markers, places
from schemas.sound import AnyPlace


def province_of_place(place: AnyPlace, on: date) -> places.Province | None:
    """The province stated, else the marker's or gate's on that day. None where neither is known.

    A stated province is kept even where it has since merged into another: `places.province_on` gives the successor.
    """
    if place.province is not None:
        return place.province
    if place.scheme == "marker" and place.line == LINE:
        return places.province_of_marker(markers.parse(place.marker).items, on)
    return places.province_of_gate(place.gate, on) if place.scheme == "gate" else None
