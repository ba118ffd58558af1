#!/bin/sh
# Writes the software bill of materials of what reproduce.ps1 runs: every package with version, digest and, where it names one, its licence, as CycloneDX JSON.
#   bill-of-materials.sh FOLDER     writes FOLDER/bom.json
set -eu

[ $# -eq 1 ] || { echo 'usage: bill-of-materials.sh FOLDER' >&2; exit 2; }
mkdir -p "$1"
folder=$(CDPATH='' cd -- "$1" && pwd -P)
cd "$(dirname -- "$0")/../.."
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
dotnet tool restore
# The versions are those of the lock files.
dotnet restore papers/All/All.csproj --locked-mode
dotnet tool run dotnet-CycloneDX papers/All/All.csproj -o "$folder" -fn bom.json -F Json --disable-package-restore
[ -s "$folder/bom.json" ] || { echo "error: $folder/bom.json was not written." >&2; exit 1; }
