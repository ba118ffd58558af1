#!/bin/sh
# Clones this repository's head twice, into folders of different names, builds both and compares every dll of ours byte for byte.
#   reproducible-build.sh [FOLDER]     FOLDER for the clones (default: a temporary one, deleted at the end)
# What it finds it writes to results/trust/build.json.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd -P)
if [ $# -gt 0 ]; then
    mkdir -p "$1"
    work=$(CDPATH='' cd -- "$1" && pwd -P)
else
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
fi
began=$(date +%s)
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

# Ours are the dlls that a build writes into obj; everything else in an output folder is a package's.
digests() {
    (cd "$1" && find . -path '*/obj/Release/net10.0/*.dll' ! -path '*/ref/*' ! -path '*/refint/*' -exec sha256sum {} + | sort -k 2)
}

for clone in one 'the other'; do
    git clone --quiet --no-local "$root" "$work/$clone"
    (cd "$work/$clone" && dotnet build Replication.sln -c Release -nologo -v quiet > "$work/build.log" 2>&1) || { cat "$work/build.log" >&2; exit 1; }
    digests "$work/$clone" > "$work/$clone.sha256"
done
dlls=$(wc -l < "$work/one.sha256")
# By name: a dll that one clone alone has is another too.
different=$(diff "$work/one.sha256" "$work/the other.sha256" | tee /dev/stderr | awk '/^[<>]/ { print $3 }' | sort -u | grep -c '' || true)
dotnet "$work/one/shared/Tools/bin/Release/net10.0/Replication.Tools.dll" trust-record "$root/results/trust/build.json" \
    --what 'Two clones in folders of different names, built one after the other, give the same dlls' --command 'shared/Tools/reproducible-build.sh' \
    --seconds $(($(date +%s) - began)) --row "dlls of this repository that are the same|$dlls|dlls|$different|"
if [ "$different" -ne 0 ] || [ "$dlls" -eq 0 ]; then
    echo 'error: the two builds differ.' >&2
    exit 1
fi
echo "$dlls dlls are equal in two clones of $(git -C "$root" rev-parse --short HEAD)."
