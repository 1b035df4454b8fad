"""Wall and processor time, and the machine they were measured on."""

import os
import platform
import time
from pathlib import Path


class Stopwatch:
    """`with Stopwatch() as watch`, then `watch.wall` and `watch.cpu`, in seconds.

    Processor time is user + system of this process and of the children it waited for.
    """

    wall = cpu = 0.0

    def __enter__(self):
        self._start = time.perf_counter(), _cpu_seconds()
        return self

    def __exit__(self, *_):
        self.wall = time.perf_counter() - self._start[0]
        self.cpu = _cpu_seconds() - self._start[1]


def machine():
    """Processor, cores, system and versions."""
    import numpy
    import scipy
    import sklearn

    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "scikit-learn": sklearn.__version__,
        "numpy": numpy.__version__,
        "scipy": scipy.__version__,
    }


def _cpu_seconds():
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def _processor():
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text().splitlines() if cpuinfo.is_file() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or "unknown"
