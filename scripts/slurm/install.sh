#!/usr/bin/env bash
# Debian's Slurm, where it is missing and can be had: root, apt-get, two minutes at most. Fails with the reason otherwise.
set -euo pipefail
export PATH="$PATH:/usr/sbin:/sbin" DEBIAN_FRONTEND=noninteractive
missing=
for program in munged slurmctld slurmd sbatch; do command -v "$program" > /dev/null || missing=yes; done
[ -n "$missing" ] || exit 0
[ "$(id -u)" = 0 ] && command -v apt-get > /dev/null || { echo "no Slurm here: it is not installed, and only root with apt-get can install it" >&2; exit 1; }
install() { timeout 120 apt-get install -y -qq --no-install-recommends slurm-wlm munge > /dev/null 2>&1; }
install || { timeout 60 apt-get update -qq > /dev/null 2>&1 && install; } ||
  { echo "no Slurm here: apt-get cannot install slurm-wlm" >&2; exit 1; }
