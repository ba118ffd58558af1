#!/usr/bin/env bash
# Holds an exported folder to two programs that are not this repository's: ONNX's own checker, and ONNX Runtime for node, whose
# answer must be that of .NET. Needs Debian's python3-onnx, node, and the npm package onnxruntime-node, which is installed into a
# temporary folder. Usage: check.sh FOLDER (one with a vocab.txt that 'export --format onnx' has written)
set -eu -o pipefail

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
model=$(cd -- "$1" && pwd -P)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# Words that the vocabulary holds whole.
text=$(grep -x -E -m 4 '[a-z]{1,8}' "$model/vocab.txt" | tr '\n' ' ' | sed 's/ $//')
[ -n "$text" ] || { echo "error: $model/vocab.txt has no whole words." >&2; exit 1; }

# The id of a word: the number of its line, from 0.
id() {
    local line
    line=$(grep -n -x -F -- "$1" "$model/vocab.txt" | head -n 1 | cut -d: -f1)
    [ -n "$line" ] || { echo "error: $model/vocab.txt lacks '$1'." >&2; exit 1; }
    echo $((line - 1))
}
ids=$(id '[CLS]')
for word in $text; do ids=$ids,$(id "$word"); done
ids=$ids,$(id '[SEP]')

/usr/bin/python3 "$here/check.py" "$model/model.onnx"
(cd "$work" && npm init --yes && npm install --ignore-scripts onnxruntime-node@1.30.0) > "$work/npm" 2>&1 || { cat "$work/npm" >&2; exit 1; }
cp "$here/run.js" "$work/"
# ONNX Runtime's log of processors that it does not know is of no interest here.
node=$(cd "$work" && node run.js "$model/model.onnx" "$ids" 2> "$work/errors") || { cat "$work/errors" >&2; exit 1; }
net=$(dotnet run --project "$here/../Samples/Console" -c Release -- "$model" "$text" | sed 's/.*\t//')
echo "node: $node, .NET: $net"
[ "$node" = "$net" ] || { echo 'error: node and .NET do not agree.' >&2; exit 1; }
