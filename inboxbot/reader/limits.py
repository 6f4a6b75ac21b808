"""What a reader may use up, really in force: the kernel counts, not we (setrlimit(2))."""

from __future__ import annotations

import math
import os
import resource
from dataclasses import dataclass
from pathlib import Path

MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of one reader. `memory` is in bytes on top of its size once loaded, `cpu` and `wall` in seconds a letter.

    The figures are those of the reliability study §3.4; reading scans costs more of everything.
    """

    memory: int
    cpu: float
    wall: float
    file_size: int
    open_files: int = 64


TEXT = Limits(memory=300 * MIB, cpu=5, wall=10, file_size=0)
SCANS = Limits(memory=700 * MIB, cpu=30, wall=60, file_size=64 * MIB)


def confine(limits: Limits) -> None:
    """Set the limits that hold for the life of this process; called once, after everything heavy is loaded."""
    _set(resource.RLIMIT_AS, _address_space() + limits.memory)
    _set(resource.RLIMIT_FSIZE, limits.file_size)
    _set(resource.RLIMIT_NOFILE, limits.open_files)
    _set(resource.RLIMIT_CORE, 0)  # a core file would hold the letter


def arm_cpu(limits: Limits) -> None:
    """Give the next letter its CPU seconds; SIGXCPU ends the process when they are used up."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    used = usage.ru_utime + usage.ru_stime
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(used + limits.cpu), hard))


def in_force(limits: Limits) -> str | None:
    """Why the limits do not hold, or None: a sandbox may forbid setrlimit silently (systemd's ~@resources does)."""
    soft, _ = resource.getrlimit(resource.RLIMIT_FSIZE)
    if soft != limits.file_size:
        return "the file-size limit could not be set"
    if resource.getrlimit(resource.RLIMIT_AS)[0] == resource.RLIM_INFINITY:
        return "the memory limit could not be set"
    return None


def _set(what: int, value: int) -> None:
    resource.setrlimit(what, (value, value))


def _address_space() -> int:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    return pages * os.sysconf("SC_PAGE_SIZE")
