"""What a PostgreSQL server has cost the machine."""

import os
from contextlib import suppress
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


def server_cpu_s(postmaster: int) -> float:
    """CPU time, user and system, of a server since it started: its postmaster's, its living children's and its ended ones'.

    Every process of a server is a child of the postmaster. Those that live are read from `/proc/PID/stat`; the kernel adds the time of one
    that ended to `cutime` and `cstime` of its parent as it is waited for. The server's own work (WAL writer, checkpoints) is in it.
    """
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # gone meanwhile
            fields = stat.read_text().rpartition(")")[2].split()
            user, system, ended_user, ended_system = map(int, fields[11:15])
            if int(stat.parent.name) == postmaster:
                ticks += user + system + ended_user + ended_system
            elif int(fields[1]) == postmaster:
                ticks += user + system
    return ticks / _TICKS
