"""The JSON Schema of AsyncAPI 3.0 itself, bindings included: from the npm package of its makers."""

import json
from typing import Any

from tests.support.npm import npm_file

VERSION = "6.11.1"
SHA256 = "d4571a420e6ffb7fcc7066c95a6db1202f299a3c51daa103d0706bf30f95e626"


def asyncapi_schema() -> dict[str, Any]:
    """The schema every AsyncAPI 3.0 document obeys. Raises `RuntimeError` with what to do if it cannot be had."""
    schema: dict[str, Any] = json.loads(npm_file("@asyncapi/specs", VERSION, "schemas/3.0.0.json", SHA256))
    return schema
