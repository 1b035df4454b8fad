#!/usr/bin/env python3
"""Learns what real messages correct in a model of written ones, or measures it on messages kept out.

Usage: scripts/real.py learn           writes data/real/correction.safetensors, which scripts/retrain.sh adds to what data/corpus gives
       scripts/real.py cross-validate  the same five times, each scored on the fifth that it has not seen; prints Markdown
       scripts/real.py write FOLDER    writes the labelled messages there, for other programs (scripts/bench-peers --train)

data/real/labels.csv holds labels and the first 16 hexadecimal digits of the SHA-256 of each text, never a text: the texts are looked up
in ../shared/unlabelled, and where that is absent this script says so and ends. What is learnt is one number per output for features that
the written corpus holds too, each found in at least three of the messages. Needs the release binary. Standard library only.
"""

import argparse
import csv
import gzip
import hashlib
import json
import os
import subprocess
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BINARY = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "release" / "franc-parler"
UNLABELLED = ROOT / "../shared/unlabelled/messages.jsonl.gz"
LABELS = ROOT / "data/real/labels.csv"
CORRECTION = ROOT / "data/real/correction.safetensors"
CORPUS = sorted((ROOT / "data/corpus").glob("*.csv"))
VECTORS = ROOT / "data/vectors/real.safetensors"
FOLDS = 5
TARGETING = "opportunistic_targeting"
# What a real message counts for beside a written one, and how many times that a targeting does: they are one in thirty.
WEIGHT, TARGETING_WEIGHT = 2.0, 6.0


def real_messages():
    with LABELS.open(encoding="utf-8", newline="") as file:
        labels = {row["key"]: row for row in csv.DictReader(file)}
    found = []
    with gzip.open(UNLABELLED, "rt", encoding="utf-8") as lines:
        for line in lines:
            text = json.loads(line)["text"]
            row = labels.pop(hashlib.sha256(text.encode()).hexdigest()[:16], None)
            if row:
                kept = {name: row[name] for name in ("label", "lever", "gain", "exchange")}
                weight = WEIGHT * (TARGETING_WEIGHT if row["label"] == TARGETING else 1)
                found.append({"id": row["key"], "text": text, **kept, "weight": weight, "part": row["part"]})
    if labels:
        raise SystemExit(f"{len(labels)} labelled messages are not in ../shared/unlabelled")
    return sorted(found, key=lambda row: row["id"])


def write(path, rows):
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    return path


def run(*command):
    subprocess.run([BINARY, *command], check=True)


def write_all(folder, rows):
    """Four files, so that cross-validation within them has four voices beside the writers."""
    return [write(folder / f"real-{part}.jsonl", rows[part::4]) for part in range(4)]


def learn(folder, base, rows, correction):
    files = write_all(folder, rows)
    model = folder / "refined"
    run("train", "--base", base, *files, "--replay", *CORPUS, "--save-correction", correction, "-o", model, "--force", "--quiet")
    return model


def figures(folder, model, rows):
    out = folder / "figures.json"
    command = [BINARY, "evaluate", write(folder / "kept.jsonl", rows), "--model", model, "--json", out, "--force", "--quiet", "--resamples", "0"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    report = json.loads(out.read_text())
    precision = next(label["average_precision"] for label in report["per_label"] if label["label"] == TARGETING)
    n = len(rows)
    return [n, n * report["accuracy"]["value"], n * report["macro_f1"]["value"], n * precision, n * report["log_loss"]]


def cross_validate(folder, base, rows):
    print("| part | messages | model of written ones: accuracy / macro-F1 / AP / log-loss | corrected, on messages it has not seen |\n|---|--:|--:|--:|")
    sums = {}
    for fold in range(FOLDS):
        kept = rows[fold::FOLDS]
        corrected = learn(folder, base, [row for place, row in enumerate(rows) if place % FOLDS != fold], folder / "fold.safetensors")
        for name, part in (("all", kept), ("natural", [row for row in kept if row["part"] == "natural"])):
            for kind, model in (("base", base), ("corrected", corrected)):
                before = sums.get((name, kind), [0] * 5)
                sums[name, kind] = [sum(pair) for pair in zip(before, figures(folder, model, part))]
    for name in ("all", "natural"):
        cells = [" / ".join(f"{figure / sums[name, kind][0]:.3f}" for figure in sums[name, kind][1:]) for kind in ("base", "corrected")]
        print(f"| {name} | {sums[name, 'base'][0]} | {cells[0]} | {cells[1]} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["learn", "cross-validate", "write"])
    parser.add_argument("folder", nargs="?", type=Path)
    options = parser.parse_args()
    if (options.what == "write") != (options.folder is not None):
        parser.error("write wants a folder, the others none")
    if not UNLABELLED.exists():
        print("skipped: ../shared/unlabelled is absent")
        return
    rows = real_messages()
    if options.what == "write":
        options.folder.mkdir(parents=True, exist_ok=True)
        write_all(options.folder, rows)
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        base = folder / "base"
        run("train", *CORPUS, "--vectors", VECTORS, "-o", base, "--quiet")
        if options.what == "learn":
            learn(folder, base, rows, CORRECTION)
        else:
            cross_validate(folder, base, rows)


if __name__ == "__main__":
    main()
