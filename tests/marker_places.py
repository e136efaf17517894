"""Marks, sections and lists of them, for laws that hold of all."""

from hypothesis import strategies as st

from border.marker_points import LAST_MAIN, MAX_AUX, MAX_OFFSET_M, MAX_POST, Item, Point

points = st.builds(
    Point,
    main=st.integers(0, LAST_MAIN),
    aux=st.none() | st.integers(1, MAX_AUX),
    post=st.none() | st.integers(1, MAX_POST),
    offset_m=st.none() | st.integers(-MAX_OFFSET_M, MAX_OFFSET_M),
)


def section(a: Point, b: Point) -> Item:
    return Item(a) if a.position == b.position else Item(*sorted((a, b), key=lambda point: point.position))


items = st.builds(Item, points) | st.builds(section, points, points)

near_items = st.builds(
    section,
    *[st.builds(Point, main=st.integers(557, 563), aux=st.none() | st.integers(1, 3), offset_m=st.none() | st.sampled_from([-200, 300]))]
    * 2,
)
lists = st.lists(near_items, min_size=1, max_size=3).map(lambda some: ", ".join(item.canonical for item in some))
"""A few near one another, as texts."""
