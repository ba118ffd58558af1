#!/bin/sh
# Writes the software bill of materials of what reproduce.ps1 runs: every package with version, digest and, where it names one, its licence, as CycloneDX JSON.
#   bill-of-materials.sh FOLDER              writes FOLDER/bom.json, and fails where a package of the lock file is not in it with a digest
#   bill-of-materials.sh FOLDER RESULT       and what was found to RESULT, for 'trust'; shared/Tools is built before
set -eu

[ $# -eq 1 ] || [ $# -eq 2 ] || { echo 'usage: bill-of-materials.sh FOLDER [RESULT]' >&2; exit 2; }
mkdir -p "$1"
folder=$(CDPATH='' cd -- "$1" && pwd -P)
result=${2:+$(CDPATH='' cd -- "$(dirname -- "$2")" && pwd -P)/$(basename -- "$2")}
began=$(date +%s)
cd "$(dirname -- "$0")/../.."
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
dotnet tool restore
# The versions are those of the lock files.
dotnet restore papers/All/All.csproj --locked-mode
dotnet tool run dotnet-CycloneDX papers/All/All.csproj -o "$folder" -fn bom.json -F Json --disable-package-restore
[ -s "$folder/bom.json" ] || { echo "error: $folder/bom.json was not written." >&2; exit 1; }

packages=$(awk -F'"' '/^      "/ { name = $2 } $2 == "resolved" { print name "@" $4 }' papers/All/packages.cpu.lock.json | sort -u)
# Components with a digest: behind a "bom-ref" and before the next there is the "content" of a SHA-512.
hashed=$(awk -F'"' '
    $2 == "bom-ref" { name = $4; alg = "" }
    $2 == "alg" { alg = $4 }
    $2 == "content" && alg == "SHA-512" && length($4) == 128 { print name }' "$folder/bom.json")
count=0
missing=0
for package in $packages; do
    count=$((count + 1))
    echo "$hashed" | grep -qixF "pkg:nuget/$package" ||
        { echo "not in the bill of materials with a digest: $package" >&2; missing=$((missing + 1)); }
done
if [ "$result" ]; then
    dotnet shared/Tools/bin/Release/net10.0/Replication.Tools.dll trust-record "$result" --what 'Every package of the lock file stands in the bill of materials, with its digest' \
        --command 'shared/Tools/bill-of-materials.sh FOLDER RESULT' --seconds $(($(date +%s) - began)) --row "packages of the program|$count|packages|$missing|"
fi
[ "$missing" -eq 0 ] && [ "$count" -gt 0 ] || { echo "error: $missing of $count packages are not in the bill of materials with a digest." >&2; exit 1; }
echo "$count packages are in $folder/bom.json, each with its digest."
