#!/bin/sh
# Proves --on slurm on a Slurm of this machine (slurm.sh; as root): plans are computed here and through Slurm at the same threads and
# number format, of each one job is killed while it runs and put back into the queue, and one runs into its time limit; what the two
# left is compared byte for byte and written to results/trust/slurm.json. Build papers/All and shared/Tools in Release before.
#   slurm-proof.sh FOLDER 'PAPER OPTIONS' ...     such as: slurm-proof.sh /tmp/proof patientkd 'distilbert --table 1'
# It fails, after the result is written, where a row counts a fault or nothing. A plan that FOLDER has faultless rows of is not run again.
set -eu

[ $# -ge 2 ] || { echo "usage: slurm-proof.sh FOLDER 'PAPER OPTIONS' ..." >&2; exit 2; }
tools=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
root=$(CDPATH='' cd -- "$tools/../.." && pwd -P)
mkdir -p "$1"
work=$(CDPATH='' cd -- "$1" && pwd -P)
shift
# What is kept names no folder of this machine.
nameless() { sed "s|$work|FOLDER|g"; }
typed="shared/Tools/slurm-proof.sh FOLDER$(printf " '%s'" "$@" | nameless)"
say() { echo "$(date -u +%H:%M:%S) $*"; }
reproduce() { dotnet "$root/papers/All/bin/Release/net10.0/reproduce.dll" "$@" --threads "$threads" --precision fp32; }
tool() { dotnet "$root/shared/Tools/bin/Release/net10.0/Replication.Tools.dll" "$@"; }

# Threads of a run, here and in a job. Runs that FOLDER/local/PAPER holds already, computed with as many, are not computed again.
threads=${THREADS:-1}
# Seconds to wait for a state, at the most.
patience=${PATIENCE:-7200}
until_true() {
    waited=0
    until eval "$1"; do
        sleep 1
        waited=$((waited + 1))
        [ "$waited" -lt "$patience" ] || { echo "error: $2" >&2; exit 1; }
    done
}

sh "$tools/slurm.sh" start "$work/slurm"
alone=
trap 'kill "$alone" 2> /dev/null || true; sh "$tools/slurm.sh" stop "$work/slurm"' EXIT
SLURM_CONF=$work/slurm/slurm.conf
export SLURM_CONF
echo "{ \"cpus\": $threads, \"runsPerJob\": 1, \"time\": \"04:00:00\", \"warnSeconds\": 30 }" > "$work/slurm.json"
until_true 'sinfo --noheader --format=%t | grep -q idle' 'the node does not become idle'

ids() { sed -n 's/.*"id": "\([0-9]*\)".*/\1/p' "$1"/jobs.json | paste -sd, -; }
state() { squeue --noheader --states=all --array --jobs="$1" --format=%T 2> /dev/null || true; }
running() { squeue --noheader --states=RUNNING --array --jobs="$1" --format=%i 2> /dev/null | tail -1; }

# What a job writes when it heeds the signal before its limit.
warned='The time limit is near'

# How often the controller has put a task back.
requeues() { grep -cE "Requeuing JobId=$1([^0-9]|\$)" "$work/slurm/slurmctld.log" || true; }
# Whole minutes that a task has run; nothing where the controller gives no time.
minutes_of() {
    squeue --noheader --jobs="$1" --format=%M 2> /dev/null |
        awk -F '[:-]' 'NF > 1 { print $(NF - 1) + 60 * (NF > 2 ? $(NF - 2) : 0) + 1440 * (NF > 3 ? $(NF - 3) : 0) }'
}

# A task that computes: its number is in $task; false where the jobs have ended. What a task just begun had not done cannot be lost.
computing() {
    while ! { left=$(squeue --noheader --jobs="$1" 2> /dev/null) && [ -z "$left" ]; }; do
        task=$(running "$1")
        sleep 15
        if [ -n "$task" ] && [ "$(state "$task")" = RUNNING ]; then return 0; fi
    done
    return 1
}

# Slurm is told to put the job back, and before the job can do anything about it, it is gone; $killed says how many processes were hit.
kill_and_requeue() {
    computing "$1" || { echo 'error: the jobs have ended before one was killed.' >&2; exit 1; }
    before=$(requeues "$task")
    raw=$(squeue --noheader --jobs="$task" --format=%A)
    processes=$(scontrol listpids "$raw" | awk 'NR > 1 && $1 > 1 { print $1 }')
    scontrol requeue "$task"
    killed=0
    for process in $processes; do
        if kill -KILL "$process" 2> /dev/null; then killed=$((killed + 1)); fi
    done
    until_true "[ \"\$(requeues $task)\" -gt $before ]" "job $task is not put back"
    say "job $task: SIGKILL to $killed processes and requeued"
}

# The limit is set one to two minutes ahead, so that the warning before it still comes; once the job is back in the queue it has its time
# again. A task that is done before the warning shows nothing, and another has its turn.
#   run_into_time_limit JOBS LOGS
run_into_time_limit() {
    while computing "$1"; do
        until_true "minutes=\$(minutes_of $task); [ -n \"\$minutes\" ]" "how long job $task has run is not known"
        scontrol update "JobId=$task" "TimeLimit=$((minutes + 2))" || continue
        # A controller that is busy gives no state, which says nothing.
        until_true "state=\$(state $task); [ -n \"\$state\" ] && [ \"\$state\" != RUNNING ]" "job $task does not heed its time limit"
        say "job $task: $(state "$task") after its limit was set"
        if grep -q "$warned" "$2"/*-"$task".log; then
            until_true "scontrol update JobId=$task TimeLimit=240 2> /dev/null" "job $task is gone"
            return
        fi
    done
}

# The rows of a plan, from what was killed, what the jobs said and what the comparison found.
#   rows_of PLAN COMPARISON LOGS RUNS TASK     TASK was to run into its limit
rows_of() {
    tail -1 "$2"
    tasks=$(($(grep -c '' "$2") - 1))
    begun=$(grep -ho '"resumes": *[0-9]*' "$4"/*/manifest.json | awk '{ sum += $2 } END { print sum + 0 }')
    failed=$(grep -cE "JobId=[0-9_*()]+.*(NODE_FAIL|OUT_OF_MEMORY)" "$work/slurm/slurmctld.log" || true)
    if [ "$killed" -gt 0 ]; then hit='1|jobs|0'; else hit='0|jobs|1'; fi
    echo "$1: jobs killed with SIGKILL and put back|$hit|$killed processes killed"
    if grep -q "$warned" "$3"/*-"$5".log; then unheeded=0; else unheeded=1; fi
    heeded=$(grep -l "$warned" "$3"/* | wc -l)
    echo "$1: jobs that ran into their time limit|$heeded|jobs|$unheeded|$begun times a run went on from where a job had stopped;" \
        "$failed jobs lost by Slurm; $tasks runs"
}

is_wrong() { awk -F'|' '$2 == 0 || $4 > 0 { wrong = 1 } END { exit !wrong }' "$@"; }

for plan in "$@"; do
    paper=${plan%% *}
    if [ -f "$work/$paper.rows" ] && ! is_wrong "$work/$paper.rows"; then
        say "$plan: was proved before"
        continue
    fi
    began=$(date +%s)
    rm -rf "$work/cluster/$paper"
    # Beside each other: what either computes must not depend on how long it takes.
    say "$plan: on this machine, and through Slurm"
    # shellcheck disable=SC2086
    reproduce $plan --runs "$work/local/$paper" --output "$work/results/local" > "$work/$paper-local.log" 2>&1 &
    alone=$!
    # shellcheck disable=SC2086
    reproduce $plan --on slurm --cluster "$work/slurm.json" --runs "$work/cluster/$paper" --output "$work/results/cluster" > "$work/$paper-cluster.log" 2>&1
    submission=$(ls -d "$work/cluster/$paper/.slurm"/*/ | tail -1)
    jobs=$(ids "$submission")
    kill_and_requeue "$jobs"
    run_into_time_limit "$jobs" "${submission}logs"
    until_true "! squeue --noheader --jobs=$jobs 2> /dev/null | grep -q ." 'the jobs do not end'
    say "$plan: the jobs have ended"
    wait "$alone" || { echo "error: $plan failed on this machine alone; see $work/$paper-local.log." >&2; exit 1; }
    # What it finds is in its last line, which counts below; without one it did not compare.
    tool compare "$work/local/$paper" "$work/cluster/$paper" --name "$plan: runs through Slurm that are the same as on this machine alone" \
        > "$work/$paper-compare.log" || tail -1 "$work/$paper-compare.log" | grep -q '|runs|' ||
        { echo "error: the runs of $plan were not compared." >&2; exit 1; }
    rows_of "$plan" "$work/$paper-compare.log" "${submission}logs" "$work/cluster/$paper" "$task" | nameless > "$work/$paper.rows"
    echo $(($(date +%s) - began)) > "$work/$paper.seconds"
done

# The cluster's own lines about these jobs, and what the jobs said of their ends, without this machine's folders.
{
    grep -hE 'JobId=|sched: |slurmctld version|Requeue|requeue' "$work/slurm/slurmctld.log" | cut -c1-200
    grep -hE 'time limit|slurmstepd|CANCELLED|resumes' "$work"/cluster/*/.slurm/*/logs/* || true
} | nameless > "$work/lines.log"

set -- trust-record "$root/results/trust/slurm.json" --what 'Plans computed through a Slurm of one node, jobs killed and stopped on the way; models, metrics and predictions are those of this machine alone' \
    --command "$typed" --seconds "$(awk '{ sum += $1 } END { print sum }' "$work"/*.seconds)" --log "$work/lines.log"
for rows in "$work"/*.rows; do
    while IFS= read -r row; do
        set -- "$@" --row "$row"
    done < "$rows"
done
tool "$@"
cat "$work"/*.rows
if is_wrong "$work"/*.rows; then
    echo 'error: a row counts a fault, or nothing.' >&2
    exit 1
fi
