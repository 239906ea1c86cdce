#!/usr/bin/env bash
# Ends the cluster that start.sh made in a folder: its own processes, by the ids in their files.
set -euo pipefail
folder=$(realpath -m "${1:?folder of the cluster}")
for file in "$folder"/slurmd-n1.pid "$folder"/slurmd-n2.pid "$folder"/slurmctld.pid "$folder"/munge/pid; do
  if [ -s "$file" ]; then kill "$(cat "$file")" 2> /dev/null || true; fi
done
