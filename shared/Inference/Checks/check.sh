#!/usr/bin/env bash
# Holds an exported folder (classifier, question answering, multiple choice) to two programs that are not this repository's:
# ONNX's own checker, and ONNX Runtime for node, whose answer must be that of .NET. Needs Debian's python3-onnx, node, and the npm
# package onnxruntime-node, which is installed into a temporary folder.
# Usage: check.sh FOLDER (one with a vocab.txt that 'export --format onnx' has written)
set -eu -o pipefail

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
model=$(cd -- "$1" && pwd -P)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

/usr/bin/python3 "$here/check.py" "$model/model.onnx"
(cd "$work" && npm init --yes && npm install --ignore-scripts onnxruntime-node@1.30.0) > "$work/npm" 2>&1 || { cat "$work/npm" >&2; exit 1; }
cp "$here/run.js" "$work/"
text=$(cd "$work" && node run.js "$model" text)
case $text in
    # A classifier is asked through the small program; the others through the suite's own.
    *"$(printf '\t')"*) net=$(printf '%s\n' "$text" | "$here/../../../reproduce.ps1" predict --model "$model" --json | tail -n 1) ;;
    *) net=$(dotnet run --project "$here/../Samples/Console" -c Release -- "$model" "$text") ;;
esac
# ONNX Runtime's log of processors that it does not know is of no interest here.
(cd "$work" && node run.js "$model" "$net" 2> "$work/errors") || { cat "$work/errors" >&2; exit 1; }
