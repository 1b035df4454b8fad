#!/usr/bin/env python3
"""Speed and memory of classify on one and two threads, cold start, binary size.

A quick look; scripts/bench-speed, which shares its input, sets the figures of the README beside fastText's.

Usage: scripts/measure.py [--rows N]     (default 1,000,000; release binary needed: cargo build --release)

The input is a CSV of N messages drawn from ../shared/unlabelled (61,210 real ones) or, where that is absent, from data/corpus.
Peak memory is the kernel's own account of the finished process. Standard library only.
"""

import argparse
import csv
import filecmp
import gzip
import json
import multiprocessing
import os
import platform
import random
import subprocess
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BINARY = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "release/franc-parler"
UNLABELLED = ROOT / "../shared/unlabelled/messages.jsonl.gz"


def texts():
    if UNLABELLED.exists():
        with gzip.open(UNLABELLED, "rt", encoding="utf-8") as lines:
            return "real messages", [json.loads(line)["text"] for line in lines]
    found = []
    for path in sorted((ROOT / "data/corpus").glob("*.csv")):
        with open(path, encoding="utf-8", newline="") as rows:
            found += [row["text"] for row in csv.DictReader(rows)]
    return "corpus messages", found


def write_input(path, n_rows):
    kind, pool = texts()
    draw = random.Random(1)
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["id", "text", "author"])
        for row in range(n_rows):
            writer.writerow([10**18 + row, draw.choice(pool), f"u{draw.randrange(10**6)}"])
    return kind, len(pool)


def apart(function, *arguments):
    """Calls in a process of its own: a child's peak memory counts what its parent held when it was started."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(function, arguments)


def run(*command):
    """Wall seconds, cpu seconds and peak MiB of a finished process."""
    started = time.perf_counter()
    process = subprocess.Popen([str(BINARY), *map(str, command)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"{command}: exit {process.returncode}")
    return time.perf_counter() - started, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    n_rows = parser.parse_args().rows
    with tempfile.TemporaryDirectory() as folder:
        source, outputs = Path(folder) / "in.csv", {}
        kind, n_distinct = apart(write_input, source, n_rows)
        size = source.stat().st_size
        print(f"{platform.machine()}, {os.cpu_count()} cores; {n_rows:,} rows ({n_distinct:,} distinct {kind}), {size / 1e6:.0f} MB")
        print("\n| threads | messages/s | ns per byte (cpu) | wall s | peak RSS MiB |\n|---|---|---|---|---|")
        for threads in (1, 2):
            outputs[threads] = Path(folder) / f"out{threads}.csv"
            wall, cpu, peak = run("classify", source, "-o", outputs[threads], "--threads", threads)
            print(f"| {threads} | {n_rows / wall:,.0f} | {cpu / size * 1e9:.1f} | {wall:.1f} | {peak:.0f} |")
        same = filecmp.cmp(outputs[1], outputs[2], shallow=False)
        print(f"\nidentical bytes on one and two threads: {'yes' if same else 'NO'}")
        one = sorted(run("explain", "--text", "Bonjour, avez-vous reçu ma lettre ?")[0] for _ in range(11))[5]
        print(f"one message, process start included: {one * 1000:.0f} ms (median of 11)")
        print(f"binary: {BINARY.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
