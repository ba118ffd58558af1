#!/bin/sh
# A Slurm of one node on this machine, to try --on slurm with: slurmctld, slurmd and munge, all in one folder and stopped as they
# were started. Needs Debian's slurm-wlm and munge, and root, since slurmd starts jobs as their users.
#   slurm.sh start FOLDER     starts it and prints how to reach it
#   slurm.sh stop FOLDER
set -eu

usage() { echo 'usage: slurm.sh start|stop FOLDER' >&2; exit 2; }
[ $# -eq 2 ] || usage
mkdir -p "$2"
folder=$(CDPATH='' cd -- "$2" && pwd -P)

stop() {
    for name in slurmd slurmctld munged; do
        if [ -f "$folder/$name.pid" ]; then
            kill "$(cat "$folder/$name.pid")" 2> /dev/null || true
            rm -f "$folder/$name.pid"
        fi
    done
}

start() {
    for program in munged slurmctld slurmd; do
        command -v $program > /dev/null || { echo "slurm.sh: $program is not here; install slurm-wlm and munge." >&2; exit 1; }
    done
    host=$(hostname -s)
    mkdir -p "$folder/state" "$folder/spool" "$folder/munge"
    chmod 700 "$folder/munge"
    [ -f "$folder/munge/key" ] || (umask 077 && head -c 1024 /dev/urandom > "$folder/munge/key")
    cat > "$folder/slurm.conf" << CONF
ClusterName=one
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=36817
SlurmdPort=36818
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket=$folder/munge/socket
CredType=cred/munge
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SchedulerType=sched/backfill
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
MpiDefault=none
SwitchType=switch/none
ReturnToService=2
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd.pid
SlurmctldLogFile=$folder/slurmctld.log
SlurmdLogFile=$folder/slurmd.log
KillWait=60
PropagatePrioProcess=1
MaxArraySize=1001
NodeName=$host NodeAddr=127.0.0.1 CPUs=$(nproc) State=UNKNOWN
PartitionName=all Nodes=$host Default=YES MaxTime=INFINITE State=UP
CONF
    munged --force --key-file="$folder/munge/key" --socket="$folder/munge/socket" --pid-file="$folder/munged.pid" \
        --log-file="$folder/munge/log" --seed-file="$folder/munge/seed"
    SLURM_CONF=$folder/slurm.conf slurmctld
    SLURM_CONF=$folder/slurm.conf slurmd
    echo "export SLURM_CONF=$folder/slurm.conf"
}

case $1 in
    start) stop; start ;;
    stop) stop ;;
    *) usage ;;
esac
