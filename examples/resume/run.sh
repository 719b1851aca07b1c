#!/bin/sh
# Starts a run, kills it with SIGKILL in the middle, resumes it, and proves that nothing that was settled ran twice.
# Usage: run.sh [FOLDER]    (a temporary folder unless given)
set -eu
here=$(cd -- "$(dirname -- "$0")" && pwd)
folder=${1:-$(mktemp -d)}
skep=${SKEP:-skep}
cd -- "$folder"
ledger=$folder/ledger.txt
: > "$ledger"

echo "== start, and kill it while the third of four tasks is at work"
"$skep" run "$here" --dir "$folder" --id resume-demo --var ledger="$ledger" --var pause=300 --no-report > run.log 2>&1 &
pid=$!
waited=0
until grep -q -x 'three begins' "$ledger"; do
    kill -0 "$pid" 2>/dev/null || { cat run.log; echo "the run ended too early"; exit 1; }
    [ "$waited" -lt 600 ] || { echo "the third task did not begin within a minute"; exit 1; }
    waited=$((waited + 1))
    sleep 0.1
done
kill -KILL "$pid"
wait "$pid" 2>/dev/null || true

echo "== what the log holds now"
"$skep" events resume-demo --dir "$folder" --text
"$skep" runs --dir "$folder"

echo "== resume"
"$skep" resume resume-demo --dir "$folder" --no-report

echo "== the ledger"
cat "$ledger"
for task in one two four; do
    times=$(grep -c -x "$task begins" "$ledger")
    [ "$times" -eq 1 ] || { echo "FAILED: $task, which was settled, began $times times"; exit 1; }
done
[ "$(grep -c -x 'three begins' "$ledger")" -eq 2 ] || { echo "FAILED: three should have begun twice: once before the kill, once after"; exit 1; }
[ "$(grep -c -x 'three done' "$ledger")" -eq 1 ] || { echo "FAILED: three was not done exactly once"; exit 1; }
echo "PROVED: settled work ran once; only the task that the kill interrupted ran again"
