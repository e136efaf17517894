"""ZIP archives without a clock: Word files and workbooks are ZIP archives, and most writers stamp the time into them."""

import io
import zipfile

_FIRST = "[Content_Types].xml"
_EPOCH = (1980, 1, 1, 0, 0, 0)
_UNIX = 3


def canonical_archive(blob: bytes) -> bytes:
    """The members of an archive in a fixed order, with a fixed date and owner.

    Stored, not deflated: what deflate makes of the same bytes differs between builds of zlib, and a report built again years later has to be
    the same file.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(blob)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as target:
        for name in sorted(source.namelist(), key=lambda name: (name != _FIRST, name)):
            member = zipfile.ZipInfo(name, _EPOCH)
            member.create_system = _UNIX
            member.external_attr = 0o100644 << 16
            target.writestr(member, source.read(name))
    return out.getvalue()
