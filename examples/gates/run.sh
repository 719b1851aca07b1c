#!/bin/sh
# Runs the plan of all gate kinds: a gate fails, a person waives it from another terminal, two roles approve from others, the run ends.
# Usage: run.sh [FOLDER]    (a temporary folder unless given)
set -eu
here=$(cd -- "$(dirname -- "$0")" && pwd)
folder=${1:-$(mktemp -d)}
skep=${SKEP:-skep}
cd -- "$folder"

echo "== the first run ends at a gate"
if "$skep" run "$here" --dir "$folder" --id gates-demo --no-report; then echo "FAILED: the run should end at a gate"; exit 1; fi

echo "== a waiver needs a name and a reason"
if "$skep" waive gates-demo expressions-covered --by ann --dir "$folder" 2>/dev/null; then echo "FAILED: a waiver without a reason"; exit 1; fi
"$skep" waive gates-demo expressions-covered --by ann --reason "the rest is covered by the fuzz tests" --dir "$folder"

echo "== the run goes on and waits for votes"
: > resumed.log
"$skep" resume gates-demo --dir "$folder" > resumed.log 2>&1 &
pid=$!
waited=0
until grep -q 'waits for votes' resumed.log; do
    kill -0 "$pid" 2>/dev/null || { cat resumed.log; echo "the run ended too early"; exit 1; }
    [ "$waited" -lt 600 ] || { echo "nobody was asked within a minute"; exit 1; }
    waited=$((waited + 1))
    sleep 0.1
done
"$skep" approve gates-demo --dir "$folder"
"$skep" approve gates-demo sign-off --role architect --by ann --dir "$folder"
if "$skep" approve gates-demo sign-off --role security --by ann --dir "$folder" 2>/dev/null; then echo "FAILED: one person voted for two roles"; exit 1; fi
"$skep" approve gates-demo sign-off --role security --by bob --text "keys are rotated" --dir "$folder"
wait "$pid"
cat resumed.log

echo "== what the report says"
grep -q 'waived by ann: the rest is covered by the fuzz tests' "$folder/.skep/runs/gates-demo/report.md" || { echo "FAILED: the report hides the waiver"; exit 1; }
grep -q 'security approved: bob' "$folder/.skep/runs/gates-demo/report.md" || { echo "FAILED: the report hides the votes"; exit 1; }
echo "PROVED: six kinds of gates, one waived in ann's name, one approved by two people"
