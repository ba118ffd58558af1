#!/bin/sh
echo --% >/dev/null;: ' | out-null
<#'
# Two scripts in one file. sh reads the lines above as an echo and a quoted word, and goes on here; PowerShell reads
# them as an echo and the start of a comment, and goes on below the comment's end. Both halves do the same:
# check the SDK, build what changed, hand the arguments to the program.

root=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P) || exit 1

device=cpu
previous=
for argument do
    case "$previous $argument" in
        '--device cuda' | *' --device=cuda' | *' --device:cuda') device=cuda ;;
    esac
    previous=$argument
done

if ! dotnet --list-sdks 2>/dev/null | grep -q '^10\.'; then
    echo 'error: the .NET 10 SDK is needed to build and run; install it from https://dotnet.microsoft.com/download/dotnet/10.0 and try again.' >&2
    exit 1
fi

case $device in
    cpu) folder=bin/Release/net10.0 ;;
    *) folder=bin/$device/Release/net10.0 ;;
esac
program=$root/papers/All/$folder/reproduce.dll
stamp=$root/papers/All/$folder/.built

# The files that a build reads; .built keeps their names, and its own time is when the last build began.
sources() {
    find "$root/shared" "$root/papers" "$root"/Directory.* \( -name bin -o -name obj \) -prune -o -type f "$@" -print | sort
}

files=$(sources)
if [ ! -f "$program" ] || [ ! -f "$stamp" ] || [ "$files" != "$(cat "$stamp")" ] || [ -n "$(sources -newer "$stamp")" ]; then
    scratch=$(mktemp -d) || exit 1
    ticker=
    # Takes the clock away, and what the build needed beside its output.
    tidy() {
        [ -z "$ticker" ] || { kill "$ticker" 2>/dev/null; wait "$ticker" 2>/dev/null; printf '\r\033[K' >&2; }
        ticker=
        rm -rf "$scratch"
    }
    trap tidy EXIT
    trap 'exit 130' INT TERM
    : > "$scratch/begun"
    [ -f "$program" ] || echo 'Building; the first time this takes a few minutes.' >&2
    # On a terminal the seconds show that it goes on; it ends with this shell, however that ends.
    if [ -t 2 ] || [ -n "${REPLICATION_TERMINAL-}" ]; then
        began=$(date +%s)
        while kill -0 $$ 2>/dev/null; do
            printf '\rBuilding, %s s ' "$(($(date +%s 2>/dev/null) - began))" >&2
            sleep 1
        done &
        ticker=$!
    fi
    if ! DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 dotnet build "$root/papers/All/All.csproj" -c Release "-p:Device=$device" -nologo -v quiet > "$scratch/log" 2>&1; then
        log=$(cat "$scratch/log")
        tidy
        printf '%s\n' "$log" >&2
        echo 'error: the build failed; its messages are above.' >&2
        exit 1
    fi
    printf '%s\n' "$files" > "$stamp"
    touch -r "$scratch/begun" "$stamp"
    tidy
    trap - EXIT INT TERM
fi

exec dotnet "$program" "$@"
#>

$ErrorActionPreference = 'Stop'

# A,B without quotes reaches a script as a list, and a number as a number.
$arguments = @(foreach ($argument in $args) { $argument -join ',' })
$device = if (($arguments -join ' ') -match '(^| )--device[ =:]cuda( |$)') { 'cuda' } else { 'cpu' }

if (-not (Get-Command dotnet -ErrorAction SilentlyContinue) -or -not ((& dotnet --list-sdks) -match '^10\.')) {
    [Console]::Error.WriteLine('error: the .NET 10 SDK is needed to build and run; install it from https://dotnet.microsoft.com/download/dotnet/10.0 and try again.')
    exit 1
}

$folder = if ($device -eq 'cpu') { 'bin/Release/net10.0' } else { "bin/$device/Release/net10.0" }
$program = "$PSScriptRoot/papers/All/$folder/reproduce.dll"
$stamp = "$PSScriptRoot/papers/All/$folder/.built"

$files = [Collections.Generic.SortedSet[string]]::new([StringComparer]::Ordinal)
$files.UnionWith([IO.Directory]::GetFiles($PSScriptRoot, 'Directory.*'))
foreach ($room in 'shared', 'papers') {
    foreach ($file in [IO.Directory]::GetFiles("$PSScriptRoot/$room", '*', 'AllDirectories')) {
        if ($file.Substring($PSScriptRoot.Length) -notmatch '[\\/](bin|obj)[\\/]') { [void]$files.Add($file) }
    }
}
$names = $files -join "`n"

function Test-Fresh {
    if (-not [IO.File]::Exists($program) -or -not [IO.File]::Exists($stamp)) { return $false }
    if ([IO.File]::ReadAllText($stamp) -cne $names) { return $false }
    $built = [IO.File]::GetLastWriteTimeUtc($stamp)
    foreach ($file in $files) {
        if ([IO.File]::GetLastWriteTimeUtc($file) -gt $built) { return $false }
    }
    return $true
}

if (-not (Test-Fresh)) {
    if (-not [IO.File]::Exists($program)) { [Console]::Error.WriteLine('Building; the first time this takes a few minutes.') }
    $begun = [DateTime]::UtcNow
    $env:DOTNET_NOLOGO = '1'
    $env:DOTNET_CLI_TELEMETRY_OPTOUT = '1'
    $start = [Diagnostics.ProcessStartInfo]::new((Get-Command dotnet -CommandType Application)[0].Source)
    $start.Arguments = "build `"$PSScriptRoot/papers/All/All.csproj`" -c Release -p:Device=$device -nologo -v quiet"
    $start.UseShellExecute = $false
    $start.RedirectStandardOutput = $true
    $build = [Diagnostics.Process]::Start($start)
    $log = $build.StandardOutput.ReadToEndAsync()
    $isTerminal = $env:REPLICATION_TERMINAL -or -not [Console]::IsErrorRedirected
    try {
        # On a terminal the seconds show that it goes on.
        do {
            if ($isTerminal) { [Console]::Error.Write("`rBuilding, {0:0} s " -f ([DateTime]::UtcNow - $begun).TotalSeconds) }
        } until ($build.WaitForExit(1000))
        $build.WaitForExit()
    }
    finally {
        if (-not $build.HasExited) { $build.Kill() }
        if ($isTerminal) { [Console]::Error.Write("`r$([char]27)[K") }
    }
    if ($build.ExitCode -ne 0) {
        [Console]::Error.Write($log.Result)
        [Console]::Error.WriteLine('error: the build failed; its messages are above.')
        exit 1
    }
    [IO.File]::WriteAllText($stamp, $names)
    [IO.File]::SetLastWriteTimeUtc($stamp, $begun)
}

& dotnet $program @arguments
exit $LASTEXITCODE
