#!/usr/bin/env bash
# Validates labeled data, learns a model from it, compares it with the model in use and promotes it only if it is not worse.
#
#   scripts/retrain.sh                     learn from data/corpus
#   scripts/retrain.sh mine.csv more.csv   learn from your own labeled files
#   scripts/retrain.sh data/corpus/*.csv mine.csv     learn from ours and yours together
#   scripts/retrain.sh --check             rebuild from data/corpus and fail unless models/ is byte-identical
#
# Options, before the files:
#   --test FILE      messages to compare the two models on, never learnt from [default: data/test/written.csv]
#   --vectors FILE   word vectors learnt without labels [default: data/vectors/real.safetensors, where no files are given]
#   --correction FILE  what real messages teach it (see scripts/real.py) [default: data/real/correction.safetensors, where no files
#                    are given]
#   --config FILE    training settings (see `franc-parler train --print-config`)
#   --max-loss F1    how much macro-F1 the new model may lose and still be promoted [default: 0]
#
# A promoted model lies in models/<id>/ and models/CURRENT names it; the next `cargo build --release` embeds it.
# Exit codes: 0 promoted or unchanged · 2 usage · 3 data unreadable · 5 faults in the data, not promoted, or --check found a
# difference.
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
check=false test_file= max_loss=0 data=() settings=() vectors=() correction=()
while [ $# -gt 0 ]; do
  case $1 in
    --check) check=true ;;
    --test | --config | --vectors | --correction | --max-loss)
      [ $# -ge 2 ] || { echo "retrain: $1 wants a value" >&2; exit 2; }
      case $1 in
        --test) test_file=$(realpath "$2") ;;
        --vectors) vectors=(--vectors "$(realpath "$2")") ;;
        --correction) correction=(--correction "$(realpath "$2")") ;;
        --config) settings=(--config "$(realpath "$2")") ;;
        --max-loss) max_loss=$2 ;;
      esac
      shift ;;
    -h | --help) sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p}' "$0"; exit 0 ;;
    -*) echo "retrain: unknown option $1 (see --help)" >&2; exit 2 ;;
    *) data+=("$(realpath "$1")") ;;
  esac
  shift
done

cd "$root"
test_file=${test_file:-data/test/written.csv}
if [ ${#data[@]} -eq 0 ]; then
  data=(data/corpus/*.csv)
  [ ${#vectors[@]} -gt 0 ] || vectors=(--vectors data/vectors/real.safetensors)
  [ ${#correction[@]} -gt 0 ] || correction=(--correction data/real/correction.safetensors)
elif $check; then
  echo "retrain: --check rebuilds from data/corpus and takes no files" >&2; exit 2
fi
cargo build --release --quiet
franc_parler=${CARGO_TARGET_DIR:-target}/release/franc-parler
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

$check || "$franc_parler" validate "${data[@]}" --held-out "$test_file"
"$franc_parler" train "${data[@]}" -o "$work/model" "${vectors[@]}" "${correction[@]}" "${settings[@]}"
id=$("$franc_parler" model verify "$work/model" | cut -d' ' -f2)
current=$(cat models/CURRENT 2>/dev/null || true)

if $check; then
  if [ "$id" = "$current" ] && diff -r "$work/model" "models/$current"; then
    echo "retrain: models/$current is what data/corpus gives, byte for byte" >&2
    exit 0
  fi
  echo "retrain: data/corpus gives model $id, models/CURRENT names ${current:-none}; run scripts/retrain.sh and commit models/" >&2
  exit 5
fi
if [ "$id" = "$current" ]; then
  echo "retrain: the data give the model in use, $id: nothing to promote" >&2
  exit 0
fi
if [ -n "$current" ]; then
  # A model in use that this program no longer reads, or of other labels, cannot be compared with: promoting it is a choice.
  "$franc_parler" evaluate "$test_file" --model "$work/model" --versus "models/$current" --max-loss "$max_loss" || {
    code=$?
    echo "retrain: model $id is not promoted; it stays out of models/ (see --max-loss and --test)" >&2
    exit $code
  }
else
  "$franc_parler" evaluate "$test_file" --model "$work/model"
fi
mkdir -p models
cp -r "$work/model" "models/$id"
echo "$id" > models/CURRENT
[ -z "$current" ] || rm -rf "models/$current"
echo "retrain: models/CURRENT is now $id (was ${current:-none})" >&2
