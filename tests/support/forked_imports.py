"""What the process that is forked imports before the first fork."""

from tests.support.forked import import_rooms

import_rooms()
