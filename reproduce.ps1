#!/bin/sh
echo --% >/dev/null;: ' | out-null
<#'
# Two scripts in one file. sh reads the lines above as an echo and a quoted word, and goes on here; PowerShell reads
# them as an echo and the start of a comment, and goes on below the comment's end. Both halves do the same:
# check the SDK, build what changed, hand the arguments to the program.

fail() {
    printf 'error: %s\n' "$1" >&2
    exit 1
}

# The script may be called through a link.
self=$0
while [ -h "$self" ]; do
    target=$(readlink -- "$self") || exit 1
    case $target in
        /*) self=$target ;;
        *) self=$(dirname -- "$self")/$target ;;
    esac
done
root=$(CDPATH='' cd -- "$(dirname -- "$self")" && pwd -P) || exit 1
[ -d "$root/papers/All" ] || fail "reproduce.ps1 lies in $root without the rest of its repository; call it where it belongs, or through a link."

device=cpu
previous=
for argument do
    case "$previous $argument" in
        '--device cuda' | *' --device=cuda' | *' --device:cuda') device=cuda ;;
    esac
    previous=$argument
done

dotnet --list-sdks 2>/dev/null | grep -q '^10\.' ||
    fail 'the .NET 10 SDK is needed to build and run; install it from https://dotnet.microsoft.com/download/dotnet/10.0 and try again.'

# Of NVIDIA's driver, also in the Linux that Windows carries.
has_driver() {
    command -v nvidia-smi >/dev/null 2>&1 || [ -e /proc/driver/nvidia/version ] || [ -e /usr/lib/wsl/lib/libcuda.so.1 ]
}
[ "$device" = cpu ] || has_driver ||
    fail '--device is cuda, but no NVIDIA driver is here; call it where a GPU is (on a cluster, in a job), or leave the option out to compute on the CPU.'

# A libtorch that is here already spares the download of another.
library=
if [ -n "${REPLICATION_LIBTORCH-}" ]; then
    for name in libtorch_cpu.so libtorch_cpu.dylib; do
        [ ! -e "$REPLICATION_LIBTORCH/$name" ] || library=$name
    done
    [ -n "$library" ] ||
        fail "REPLICATION_LIBTORCH is $REPLICATION_LIBTORCH, which has no libtorch_cpu; name the folder lib of a libtorch, or torch/lib of a PyTorch."
    device=own
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
    scratch=$(mktemp -d 2>/dev/null) || fail "no temporary folder can be made in ${TMPDIR:-/tmp}; make that folder, or set TMPDIR to another."
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
    if [ ! -f "$program" ]; then
        [ "$device" != cuda ] || echo 'libtorch for CUDA is about 3 GB to download, once.' >&2
        echo 'Building; the first time this takes a few minutes.' >&2
    fi
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
        fail 'the build failed; its messages are above.'
    fi
    printf '%s\n' "$files" > "$stamp"
    touch -r "$scratch/begun" "$stamp"
    tidy
    trap - EXIT INT TERM
fi

# glibc then asks for huge pages, with which a training takes a few percent less time.
export GLIBC_TUNABLES="${GLIBC_TUNABLES-glibc.malloc.hugetlb=1}"
exec dotnet "$program" "$@"
#>

$ErrorActionPreference = 'Stop'

function Exit-With([string] $message) {
    [Console]::Error.WriteLine("error: $message")
    exit 1
}

# The script may be called through a link.
$self = [IO.File]::ResolveLinkTarget($PSCommandPath, $true)
$root = if ($self) { $self.DirectoryName } else { $PSScriptRoot }
if (-not [IO.Directory]::Exists("$root/papers/All")) {
    Exit-With "reproduce.ps1 lies in $root without the rest of its repository; call it where it belongs, or through a link."
}

# A,B without quotes reaches a script as a list, and a number as a number.
$arguments = @(foreach ($argument in $args) { $argument -join ',' })
$device = if (($arguments -join ' ') -match '(^| )--device[ =:]cuda( |$)') { 'cuda' } else { 'cpu' }

if (-not (Get-Command dotnet -ErrorAction SilentlyContinue) -or -not ((& dotnet --list-sdks) -match '^10\.')) {
    Exit-With 'the .NET 10 SDK is needed to build and run; install it from https://dotnet.microsoft.com/download/dotnet/10.0 and try again.'
}

# Of NVIDIA's driver, also in the Linux that Windows carries.
function Test-Driver {
    if (Get-Command nvidia-smi -ErrorAction SilentlyContinue) { return $true }
    foreach ($file in '/proc/driver/nvidia/version', '/usr/lib/wsl/lib/libcuda.so.1', "$env:SystemRoot/System32/nvcuda.dll") {
        if ([IO.File]::Exists($file)) { return $true }
    }
    return $false
}

if ($device -eq 'cuda' -and -not (Test-Driver)) {
    Exit-With '--device is cuda, but no NVIDIA driver is here; call it where a GPU is (on a cluster, in a job), or leave the option out to compute on the CPU.'
}

# A libtorch that is here already spares the download of another.
if ($env:REPLICATION_LIBTORCH) {
    $found = 'libtorch_cpu.so', 'libtorch_cpu.dylib', 'torch_cpu.dll' | Where-Object { [IO.File]::Exists("$env:REPLICATION_LIBTORCH/$_") }
    if (-not $found) {
        Exit-With "REPLICATION_LIBTORCH is $env:REPLICATION_LIBTORCH, which has no libtorch_cpu; name the folder lib of a libtorch, or torch/lib of a PyTorch."
    }
    $device = 'own'
}

$folder = if ($device -eq 'cpu') { 'bin/Release/net10.0' } else { "bin/$device/Release/net10.0" }
$program = "$root/papers/All/$folder/reproduce.dll"
$stamp = "$root/papers/All/$folder/.built"

$files = [Collections.Generic.SortedSet[string]]::new([StringComparer]::Ordinal)
$files.UnionWith([IO.Directory]::GetFiles($root, 'Directory.*'))
foreach ($room in 'shared', 'papers') {
    foreach ($file in [IO.Directory]::GetFiles("$root/$room", '*', 'AllDirectories')) {
        if ($file.Substring($root.Length) -notmatch '[\\/](bin|obj)[\\/]') { [void]$files.Add($file) }
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
    if (-not [IO.File]::Exists($program)) {
        if ($device -eq 'cuda') { [Console]::Error.WriteLine('libtorch for CUDA is about 3 GB to download, once.') }
        [Console]::Error.WriteLine('Building; the first time this takes a few minutes.')
    }
    $begun = [DateTime]::UtcNow
    $env:DOTNET_NOLOGO = '1'
    $env:DOTNET_CLI_TELEMETRY_OPTOUT = '1'
    $start = [Diagnostics.ProcessStartInfo]::new((Get-Command dotnet -CommandType Application)[0].Source)
    $start.Arguments = "build `"$root/papers/All/All.csproj`" -c Release -p:Device=$device -nologo -v quiet"
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
        Exit-With 'the build failed; its messages are above.'
    }
    [IO.File]::WriteAllText($stamp, $names)
    [IO.File]::SetLastWriteTimeUtc($stamp, $begun)
}

# glibc then asks for huge pages, with which a training takes a few percent less time.
if ($null -eq $env:GLIBC_TUNABLES) { $env:GLIBC_TUNABLES = 'glibc.malloc.hugetlb=1' }
& dotnet $program @arguments
exit $LASTEXITCODE
