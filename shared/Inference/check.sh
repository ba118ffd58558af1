#!/usr/bin/env bash
# Packs the runtime, builds the samples, and publishes a new console program that references the packed package from a local
# folder, compiled ahead of time as the sample is: no warning may come, and the program without a model may have 40 MB at most.
# Needs a C compiler and zlib (Debian: apt-get install clang zlib1g-dev). With a folder that 'export --format onnx' has written
# as argument, both programs label a text with it.
set -eu -o pipefail

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd -P)
model=${1:+$(cd -- "$1" && pwd -P)}
work=$(mktemp -d)
# A version that no cache holds yet.
version=0.0.0-check.$(date +%s)
cache=$(dotnet nuget locals global-packages --list | sed 's/^global-packages: *//')
trap 'rm -rf "$work" "$cache"/replication.core/"$version" "$cache"/replication.inference/"$version"' EXIT
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
rid=$(dotnet --info | sed -n 's/^ *RID: *//p')

dotnet build "$root/shared/Inference/Samples/Console/Classify.csproj" -c Release -v quiet
dotnet build "$root/shared/Inference/Samples/Service/Service.csproj" -c Release -v quiet
for project in Core/Replication.Core Inference/Replication.Inference; do
    dotnet pack "$root/shared/$project.csproj" -c Release -o "$work/packages" "-p:Version=$version" -v quiet
done

mkdir "$work/new"
cat > "$work/new/New.csproj" << EOF
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <ImplicitUsings>enable</ImplicitUsings>
    <PublishAot>true</PublishAot>
    <InvariantGlobalization>true</InvariantGlobalization>
    <TrimmerSingleWarn>false</TrimmerSingleWarn>
    <CopyOutputSymbolsToPublishDirectory>false</CopyOutputSymbolsToPublishDirectory>
    <RestoreAdditionalProjectSources>$work/packages</RestoreAdditionalProjectSources>
  </PropertyGroup>
  <ItemGroup><PackageReference Include="Replication.Inference" Version="$version" /></ItemGroup>
</Project>
EOF
cat > "$work/new/Program.cs" << 'EOF'
using Replication.Inference;
using var classifier = BertClassifier.Open(args[0]);
var prediction = classifier.Predict(args[1]);
Console.WriteLine(prediction.Label);
EOF
(cd "$work/new" && dotnet publish -c Release -r "$rid" -o "$work/published") | tee "$work/log"
dotnet publish "$root/shared/Inference/Samples/Console" -c Release -r "$rid" -p:Aot=true -o "$work/sample" | tee -a "$work/log"

if grep -E 'warning (IL|AOT)[0-9]*:.*Replication' "$work/log"; then
    echo 'error: an assembly of this repository cannot be compiled ahead of time without warnings.' >&2
    exit 1
fi
bytes=$(du -sb "$work/published" | cut -f1)
echo "published: $((bytes / 1000000)) MB"
[ "$bytes" -le 40000000 ] || { echo 'error: 40 MB are allowed.' >&2; exit 1; }
if [ -n "$model" ]; then
    "$work/published/New" "$model" 'A warm and funny film.'
    "$work/sample/classify" "$model" 'A warm and funny film.'
fi
