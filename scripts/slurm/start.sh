#!/usr/bin/env bash
# A Slurm cluster on this machine, for tests: munge, slurmctld and two slurmd (nodes n1 and n2), all in one folder.
#   scripts/slurm/start.sh FOLDER
# Prints one line: "export SLURM_CONF=..." when the cluster answers, or says on stderr why there is none (exit 1).
# Needs root and Debian's slurm-wlm; scripts/slurm/stop.sh FOLDER ends it.
set -euo pipefail
folder=$(realpath -m "${1:?folder of the cluster}")
none() { echo "no Slurm here: $1" >&2; exit 1; }

[ "$(id -u)" = 0 ] || none "only root can start its daemons"
export PATH="$PATH:/usr/sbin:/sbin"
for program in munged slurmctld slurmd sbatch; do
  command -v "$program" > /dev/null || none "no $program (apt-get install slurm-wlm)"
done

mkdir -p "$folder"/{munge,state,spool,log}
# munged wants its folder and key for itself; its socket lies where the folder's path cannot be too long.
chmod 755 "$folder" && chmod 711 "$folder/munge"
(umask 077 && head -c 128 /dev/urandom > "$folder/munge/key")
munged --force --key-file="$folder/munge/key" --socket="$folder/munge/socket" --num-threads=2 \
  --pid-file="$folder/munge/pid" --seed-file="$folder/munge/seed" --log-file="$folder/munge/log" 2> "$folder/log/munged.err" ||
  none "munged does not start: $(tail -1 "$folder/log/munged.err")"

host=$(hostname -s)
# Ports of this folder's own, so that two clusters of one machine keep apart.
port=$((20000 + $(printf %s "$folder" | cksum | cut -d' ' -f1) % 10000 * 4))
cat > "$folder/slurm.conf" << CONF
ClusterName=sparkxd
SlurmctldHost=$host(127.0.0.1)
SlurmUser=root
SlurmctldPort=$port
AuthType=auth/munge
AuthInfo=socket=$folder/munge/socket
CredType=cred/munge
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool/%n
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd-%n.pid
SlurmctldLogFile=$folder/log/slurmctld.log
SlurmdLogFile=$folder/log/slurmd-%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
ReturnToService=2
SchedulerType=sched/builtin
SchedulerParameters=sched_min_interval=100000,batch_sched_delay=0
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/none
SwitchType=switch/none
MinJobAge=300
KillWait=2
NodeName=n1 NodeHostname=$host NodeAddr=127.0.0.1 Port=$((port + 1)) CPUs=1 State=UNKNOWN
NodeName=n2 NodeHostname=$host NodeAddr=127.0.0.1 Port=$((port + 2)) CPUs=1 State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
CONF
export SLURM_CONF="$folder/slurm.conf"
slurmctld > "$folder/log/slurmctld.err" 2>&1 || none "slurmctld does not start: $(tail -1 "$folder/log/slurmctld.err")"
for node in n1 n2; do
  mkdir -p "$folder/spool/$node"
  slurmd -N "$node" > "$folder/log/slurmd-$node.err" 2>&1 ||
    none "slurmd does not start: $(tail -1 "$folder/log/slurmd-$node.err")"
done
for _ in $(seq 50); do
  if [ "$(sinfo -h -t idle -o %D 2> /dev/null)" = 2 ]; then
    timeout 15 srun --quiet true || none "a task of its does not run ($folder/log says why)"
    echo "export SLURM_CONF=$folder/slurm.conf"
    exit 0
  fi
  sleep 0.2
done
none "its nodes do not come up within 10 s ($folder/log says why)"
