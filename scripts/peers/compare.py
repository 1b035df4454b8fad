"""Trains every peer on the same files, scores them on the same files, prints one Markdown report.

See `scripts/bench-peers --help`. Exit codes: 0 done, 2 could not run.
"""

import argparse
import importlib
import json
import sys
from pathlib import Path

import numpy as np

import metrics
import report
import stopwatch
from also import SavedPredictions
from peer import REFERENCE, Unavailable
from rows import InputError, label_list, read_rows

ROOT = Path(__file__).resolve().parents[2]
PEER_FILES = ["franc_parler", "rule", "tfidf"]
DEFAULT_EVAL = ["../shared/eval/real_dev.jsonl", "../shared/eval/real_dev_targeting.jsonl"]
FOCUS = "opportunistic_targeting"
ALSO_HELP = "also score saved predictions: label or pred_label, p_<label>, and id (else row order)"
# Predictions are timed on the evaluation rows, repeated up to this many.
TIMED_MESSAGES = 20_000


def main():
    options = _options()
    train_files = options.train or sorted((ROOT / "data" / "corpus").glob("*.csv"))
    if not train_files:
        raise InputError("data/corpus holds no CSV: name the training files with --train FILE…")
    train = read_rows(train_files)
    sets = _evaluation_sets(options.eval)
    labels = label_list(train + [row for rows in sets.values() for row in rows])
    peers, skipped = _peers(options.peers, options.also), {}
    if sets:
        results = _held_out_files(peers, train, train_files, sets, labels, skipped)
    else:
        _note("no evaluation file found: cross-validating, each writer held out in turn")
        sets, results = _held_out_writers(peers, train, labels, skipped)
    findings = {
        "machine": stopwatch.machine(),
        "train": {"files": [Path(file).name for file in train_files], "n": len(train)},
        "labels": labels,
        "focus": options.focus,
        "skipped": skipped,
        "sets": {
            name: _score_set(rows, results[name], labels, options.focus)
            for name, rows in sets.items()
        },
        "peers": results["peers"],
    }
    print(report.markdown(findings))
    if options.json:
        text = json.dumps(findings, ensure_ascii=False, indent=2)
        Path(options.json).write_text(text + "\n", encoding="utf-8")


def _options():
    parser = argparse.ArgumentParser(prog="bench-peers", description=__doc__.splitlines()[0])
    option = parser.add_argument
    option("--train", nargs="+", metavar="FILE", help="labelled rows (default: data/corpus/*.csv)")
    option("--eval", nargs="+", metavar="FILE", help=f"default: {', '.join(DEFAULT_EVAL)}, if there")
    option("--peers", nargs="+", choices=PEER_FILES, default=PEER_FILES, help="default: all")
    option("--also", action="append", default=[], metavar="NAME=CSV", help=ALSO_HELP)
    option("--focus", default=FOCUS, metavar="LABEL", help=f"label of the AP column (default: {FOCUS})")
    option("--json", metavar="FILE", help="write every number there too")
    return parser.parse_args()


def _evaluation_sets(files):
    """Name → rows. A file asked for must be there; a default one may be absent."""
    if not files:
        files = [ROOT / name for name in DEFAULT_EVAL if (ROOT / name).is_file()]
    files = [Path(file) for file in files]
    names = [file.stem for file in files]
    if len(set(names)) < len(names):
        names = [f"{file.parent.name}/{file.stem}" for file in files]
    return {name: read_rows([file]) for name, file in zip(names, files, strict=True)}


def _peers(names, also):
    peers = [peer for name in names for peer in importlib.import_module(name).PEERS]
    return peers + [SavedPredictions(*argument.split("=", 1)) for argument in also]


def _held_out_files(peers, train, train_files, sets, labels, skipped):
    """Per set: peer name → (predicted, scores, kind of scores). Under "peers": times and facts."""
    results = {"peers": {}, **{name: {} for name in sets}}
    timed = _repeat([row for rows in sets.values() for row in rows])
    for peer in peers:
        try:
            _note(f"{peer.name} …")
            with stopwatch.Stopwatch() as training:
                peer.fit(train, labels, train_files)
            for name, rows in sets.items():
                results[name][peer.name] = (*peer.predict(rows), peer.scores)
            results["peers"][peer.name] = _costs(peer, training, timed)
        except Unavailable as reason:
            skipped[peer.name] = str(reason)
    return results


def _held_out_writers(peers, train, labels, skipped):
    """Every writer predicted by a model that never saw that writer; one pooled set."""
    results = {"peers": {}, "writers held out": {}}
    folds = _writer_folds(train)
    rows = [train[i] for _, test_ids in folds for i in test_ids]
    for peer in peers:
        try:
            parts = [_fit_and_predict(peer, train, fold, labels) for fold in folds]
        except Unavailable as reason:
            skipped[peer.name] = str(reason)
            continue
        predicted, scores = (np.concatenate(part) for part in zip(*parts))
        results["writers held out"][peer.name] = (predicted, scores, peer.scores)
    return {"writers held out": rows}, results


def _fit_and_predict(peer, train, fold, labels):
    fit_ids, test_ids = fold
    _note(f"{peer.name}: {len(test_ids)} rows held out …")
    peer.fit([train[i] for i in fit_ids], labels)
    return peer.predict([train[i] for i in test_ids])


def _writer_folds(train, most=5):
    """(rows to fit, rows to test): one fold per writer, several writers a fold beyond `most`."""
    writers = sorted({row.writer for row in train})
    if len(writers) < 2:
        raise InputError("the training files name fewer than two writers: give --eval FILE…")
    fold_of = {writer: position % most for position, writer in enumerate(writers)}
    folds = np.array([fold_of[row.writer] for row in train])
    return [(np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)) for fold in np.unique(folds)]


def _repeat(rows):
    return (rows * (TIMED_MESSAGES // len(rows) + 1))[:TIMED_MESSAGES]


def _costs(peer, training, timed):
    facts = peer.facts()
    if isinstance(peer, SavedPredictions):
        return facts
    prediction = peer.time_prediction(timed)
    # The search for C is part of neither column: it is listed with the facts.
    return {
        "train_seconds": training.wall - facts.get("search_seconds", 0),
        "train_cpu_seconds": training.cpu - facts.get("search_cpu_seconds", 0),
        "predict_us_per_message": prediction.wall / len(timed) * 1e6,
        "predict_cpu_us_per_message": prediction.cpu / len(timed) * 1e6,
        **facts,
    }


def _score_set(rows, predictions, labels, focus):
    """Peer name → numbers, with the paired bootstrap of the reference's macro-F1 minus its own."""
    gold = np.array([labels.index(row.label) for row in rows])
    numbers = {
        name: metrics.score(gold, predicted, scores, labels, focus, kind == "probability")
        for name, (predicted, scores, kind) in predictions.items()
    }
    if REFERENCE in predictions:
        samples = {
            name: metrics.resampled_macro_f1(gold, predicted, len(labels))
            for name, (predicted, _, _) in predictions.items()
        }
        for name, row in numbers.items():
            row["reference_minus_this"] = numbers[REFERENCE]["macro_f1"] - row["macro_f1"]
            row["reference_minus_this_interval"] = metrics.interval(samples[REFERENCE] - samples[name])
    return numbers


def _note(text):
    print(text, file=sys.stderr)


if __name__ == "__main__":
    try:
        main()
    except (InputError, RuntimeError) as error:
        _note(f"bench-peers: {error}")
        sys.exit(2)
