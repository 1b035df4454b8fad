#!/usr/bin/env python3
"""What each choice of the default configuration gains: trains with one thing changed at a time and scores each model.

Usage: scripts/ablation.py            rewrite the table in docs/quality.md
       scripts/ablation.py --print    print it instead

« Across writers » is cross-validation on data/corpus with a whole
writer held out; the other columns are ../shared/eval (development sets, never trained on), left empty where it is absent.
Needs the release binary (cargo build --release). Standard library only.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BINARY = ROOT / "target/release/franc-parler"
CORPUS = sorted(map(str, (ROOT / "data/corpus").glob("*.csv")))
EVALS = [ROOT / "../shared/eval/real_dev.jsonl", ROOT / "../shared/eval/real_dev_targeting.jsonl"]
SEEDS = [1]
FAMILY = "pipeline.features."
VECTORS = ["--vectors", str(ROOT / "data/vectors/real.safetensors")]
CORRECTION = ["--correction", str(ROOT / "data/real/correction.safetensors")]
ROWS = [
    ("the default", VECTORS + CORRECTION, []),
    ("without what real messages correct", VECTORS, []),
    ("without word vectors", CORRECTION, []),
    ("word vectors five times as strong", VECTORS + CORRECTION, ["vectors.scale=0.25"]),
    ("without words", VECTORS + CORRECTION, [FAMILY + "words.max=0"]),
    ("without subwords", VECTORS + CORRECTION, [FAMILY + "subwords=false"]),
    ("without stems", VECTORS + CORRECTION, [FAMILY + "stems=false"]),
    ("without first/last words", VECTORS + CORRECTION, [FAMILY + "edges=false"]),
    ("without skip-grams", VECTORS + CORRECTION, [FAMILY + "skipgrams=false"]),
    ("without cues", VECTORS + CORRECTION, [FAMILY + "cues=false"]),
    ("without context", VECTORS + CORRECTION, [FAMILY + "context=false"]),
    ("with chars 2–5", VECTORS + CORRECTION, [FAMILY + "chars.max=5"]),
    ("names as themselves, not by kind", VECTORS + CORRECTION, [FAMILY + "neutral_names=false"]),
    ("no augmentation", VECTORS + CORRECTION, ["augment.copies=0"]),
    ("copies beside the originals", VECTORS + CORRECTION, ["augment.originals=true"]),
    ("no joining", VECTORS + CORRECTION, ["augment.join=0.0"]),
    ("no links nor hashtags added", VECTORS + CORRECTION, ["augment.link=0.0", "augment.hashtags=0.0"]),
    ("no lower case, no accents dropped", VECTORS + CORRECTION, ["augment.lower_case=0.0", "augment.drop_accents=0.0"]),
    ("no punctuation nor words dropped", VECTORS + CORRECTION, ["augment.drop_punctuation=0.0", "augment.drop_words=0.0"]),
    ("no greeting, signature, emoji added", VECTORS + CORRECTION, ["augment.greeting=0.0", "augment.signature=0.0", "augment.emoji=0.0"]),
    ("no typing errors, final marks kept", VECTORS + CORRECTION, ["augment.typing_error=0.0", "augment.final_mark=0.0", "augment.exclamation=0.0"]),
    ("with ellipses, mentions, quotation marks, line breaks", VECTORS + CORRECTION, ["augment.ellipsis=0.1", "augment.mention=0.15", "augment.quotes=0.1", "augment.line_breaks=0.4"]),
    ("class weights, half-way to balanced", VECTORS + CORRECTION, ["fit.balance=0.5"]),
    ("C three times larger", VECTORS + CORRECTION, ["fit.c=0.024"]),
    ("C three times smaller", VECTORS + CORRECTION, ["fit.c=0.0027"]),
]
BEGIN, END = "<!-- ablation:begin -->", "<!-- ablation:end -->"


def run(*command):
    done = subprocess.run([str(BINARY), *command], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}: {done.stderr}")
    return json.loads(done.stdout)


def figures(evaluation):
    targeting = next(row for row in evaluation["per_label"] if row["label"] == "opportunistic_targeting")
    groups = evaluation.get("groups") or {"wholly_right": 0, "n_groups": 1}
    whole = groups["wholly_right"] / groups["n_groups"]
    return evaluation["macro_f1"]["value"], evaluation["accuracy"]["value"], targeting["average_precision"], evaluation["log_loss"], whole


def score(given, settings, seed, folder):
    model = f"{folder}/model"
    flags = given + [flag for setting in settings for flag in ("--set", setting)]
    held_out = run("train", *CORPUS, "-o", model, "--force", "-q", "--json", "-", "--seed", str(seed), *flags)
    scores = [figures(held_out)]
    for path in EVALS:
        if path.exists():
            scores.append(figures(run("evaluate", str(path), "--model", model, "-q", "--resamples", "0", "--json", "-")))
    return scores


def mean(given, settings, folder):
    runs = [score(given, settings, seed, folder) for seed in SEEDS]
    return [[sum(values) / len(SEEDS) for values in zip(*column)] for column in zip(*runs)]


def table():
    lines = [
        "| | across writers: F1 / acc. / AP / log-loss / contrast groups | real_dev: F1 / acc. / AP / log-loss | real_dev_targeting: F1 / acc. / AP / log-loss |",
        "|---|---|---|---|",
    ]
    with tempfile.TemporaryDirectory() as folder:
        for name, given, settings in ROWS:
            columns = mean(given, settings, folder)
            # The real sets have no groups.
            cells = [" / ".join(f"{value:.3f}" for value in column[: 5 if at == 0 else 4]) for at, column in enumerate(columns)]
            cells += ["–"] * (3 - len(cells))
            lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def main():
    if sys.argv[1:] == ["--print"]:
        print(table())
        return
    fresh = table()
    page = ROOT / "docs/quality.md"
    before, rest = page.read_text(encoding="utf-8").split(BEGIN)
    page.write_text(f"{before}{BEGIN}\n{fresh}\n{END}{rest.split(END)[1]}", encoding="utf-8")


if __name__ == "__main__":
    main()
