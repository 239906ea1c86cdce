#!/usr/bin/env bash
# The built program as a user runs it: a small main job on real data, a replay, and a refusal.
set -euo pipefail
cd "$(dirname "$0")/.."
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
sparkxd() { node dist/cli/main.js "$@"; }

sparkxd --version
sparkxd run --images 200 --chips 1 --supply 1.35,1.025 --out "$out/run"
test "$(wc -l < "$out/run/results.csv")" -eq 5
sparkxd replay traces/n400-mnist-stream.sxt --supply 1.35,1.025 --csv "$out/replay.csv"
test "$(wc -l < "$out/replay.csv")" -eq 3
sparkxd replay traces/n400-mnist-event.sxt --supply 1.35,1.025 --chips 2 --repair zero | grep -q 'accuracy'
sparkxd replay traces/n400-mnist-event.sxt --supply 1.025 --no-accuracy --profile sparkxd --wrong-reads "$out/wrong.csv"
test "$(wc -l < "$out/wrong.csv")" -gt 1000
if sparkxd run --images 200 --supply 9 --out "$out/bad" 2> "$out/message"; then
  echo 'an impossible supply was accepted' >&2
  exit 1
fi
test ! -e "$out/bad/results.csv"
grep -q 'outside the range' "$out/message"
echo 'smoke test passed'
