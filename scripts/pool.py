#!/usr/bin/env python3
"""Scores a model on real messages that we labelled ourselves, so that settings are not chosen on the evaluation sets.

Usage: scripts/pool.py [--model DIR] [--part natural|rich]

data/checks/pool.csv holds labels and the first 16 hexadecimal digits of the SHA-256 of each text, never a text: those are looked up in
../shared/unlabelled, and where that is absent this script says so and ends. One blind reader labelled each message from its text alone.
`natural` is drawn by source as the evaluation messages are, `rich` where an earlier model saw some targeting. Needs the release
binary. Standard library only.
"""

import argparse
import csv
import gzip
import hashlib
import json
import subprocess
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BINARY = ROOT / "target/release/franc-parler"
UNLABELLED = ROOT / "../shared/unlabelled/messages.jsonl.gz"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--model", help="a model directory (default: the embedded model)")
    parser.add_argument("--part", choices=["natural", "rich"], help="default: both")
    options = parser.parse_args()
    if not UNLABELLED.exists():
        print("skipped: ../shared/unlabelled is absent")
        return
    with open(ROOT / "data/checks/pool.csv", encoding="utf-8", newline="") as file:
        rows = {row["key"]: row for row in csv.DictReader(file) if options.part in (None, row["part"])}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "pool.jsonl"
        with gzip.open(UNLABELLED, "rt", encoding="utf-8") as lines, open(path, "w", encoding="utf-8") as found:
            for line in lines:
                text = json.loads(line)["text"]
                row = rows.pop(hashlib.sha256(text.encode()).hexdigest()[:16], None)
                if row:
                    kept = {name: row[name] for name in ("label", "lever", "gain", "exchange", "hard")}
                    found.write(json.dumps({"text": text, **kept}, ensure_ascii=False) + "\n")
        if rows:
            raise SystemExit(f"{len(rows)} labelled messages are not in ../shared/unlabelled")
        command = [BINARY, "evaluate", path, *(["--model", options.model] if options.model else [])]
        subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
