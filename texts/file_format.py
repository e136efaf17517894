"""Recognise a file of another format, so that its owner reads one problem and not one for each line."""

_SIGNATURES = {
    b"%PDF-": "tệp PDF · a PDF file",
    b"\xd0\xcf\x11\xe0": "tệp Word hoặc Excel kiểu cũ, hoặc có mật khẩu · an old Word or Excel file (.doc, .xls), or one with a password",
    b"\x1f\x8b": "tệp nén gzip · a gzip file: gunzip",
    b"SQLite format 3\0": "tệp SQLite · an SQLite file",
    b"{\\rtf": "tệp RTF · an RTF file",
    b"\xff\xfe": "văn bản UTF-16, hãy lưu lại ở dạng UTF-8 · UTF-16 text, save it as UTF-8",
    b"\xfe\xff": "văn bản UTF-16, hãy lưu lại ở dạng UTF-8 · UTF-16 text, save it as UTF-8",
    b"<": "tệp HTML hoặc XML · an HTML or XML file",
}
_ZIP = b"PK\x03\x04"
_IN_ZIP = {b"word/": "tệp Word (.docx) · a Word file", b"xl/": "tệp Excel (.xlsx) · an Excel file"}
_SEPARATORS = {
    b";": "bảng CSV ngăn bằng dấu chấm phẩy · a CSV table separated by semicolons",
    b"\t": "bảng ngăn bằng dấu tab · a table separated by tabs",
    b",": "bảng CSV ngăn bằng dấu phẩy · a CSV table separated by commas",
}


def binary_format(head: bytes) -> str | None:
    """What a file that begins so seems to be, if it is no UTF-8 text of JSON or CSV."""
    if head.startswith(_ZIP):
        return next((name for part, name in _IN_ZIP.items() if part in head), "tệp nén ZIP · a ZIP file")
    if b"\0" in head[:2]:  # ASCII text in two bytes a character, without a byte-order mark
        return _SIGNATURES[b"\xff\xfe"]
    return next((name for signature, name in _SIGNATURES.items() if head.startswith(signature)), None)


def table_format(lines: list[bytes]) -> str | None:
    """What the first lines of a file seem to be the beginning of, if they are rows of one table. One line alone tells nothing."""
    if len(lines) < 2 or any(line.lstrip().startswith((b"{", b"[")) for line in lines):
        return None
    return next((name for mark, name in _SEPARATORS.items() if all(line.count(mark) >= 2 for line in lines)), None)
