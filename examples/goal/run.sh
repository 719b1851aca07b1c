#!/bin/sh
# A goal becomes a plan and runs: a model writes the plan (a scripted one, unless SKEP_MODEL_BASE_URL names a real one), we look at it, and then it runs.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
skep=${SKEP:-skep}
work=$(mktemp -d)
server=
finish() {
  [ -z "$server" ] || kill "$server" 2>/dev/null || true
  rm -rf "$work"
}
trap finish EXIT
cd "$work"
printf 'fix: the program no longer hangs at start\nfix: the total is right again\n' > changes.txt
goal='Write release notes from the changes in changes.txt'

echo "== without a model nobody pretends to plan"
if env -u SKEP_MODEL_BASE_URL -u SKEP_MODEL "$skep" orchestrate "$goal" > template.yaml 2> why; then echo "FAILED: a plan without a model"; exit 1; fi
cat why
"$skep" plan check template.yaml

if [ -z "${SKEP_MODEL_BASE_URL:-}" ]; then
  "$skep" testing serve "$here/model.yaml" --ready-file address > server.log &
  server=$!
  tries=0
  while [ ! -s address ]; do
    tries=$((tries + 1))
    [ "$tries" -le 300 ] || { echo "the scripted model did not start" >&2; exit 1; }
    sleep 0.1
  done
  SKEP_MODEL_BASE_URL=$(cat address)
  SKEP_MODEL_WIRE=${SKEP_MODEL_WIRE:-openai} SKEP_MODEL=scripted SKEP_MODEL_API_KEY=no-real-key
  export SKEP_MODEL_BASE_URL SKEP_MODEL_WIRE SKEP_MODEL SKEP_MODEL_API_KEY
  scripted=yes
fi

echo "== the plan, shown and not run"
"$skep" orchestrate "$goal" --mode hierarchical --max-tasks 4 --budget-tokens 50000 --plan-only -o plan.yaml
"$skep" plan check plan.yaml

echo "== the same plan, agreed to: it runs as it was shown"
"$skep" run plan.yaml --id goal-demo --no-report
"$skep" show goal-demo

if [ "${scripted:-}" = yes ]; then
  "$skep" show goal-demo --json > state.json
  grep -q 'Release notes: Two faults are mended' state.json || { echo "FAILED: the release notes are not there"; exit 1; }
  "$skep" events goal-demo --json > events 2>/dev/null || "$skep" events goal-demo > events
  grep -q 'tasks-admitted' events || { echo "FAILED: nobody added work"; exit 1; }
fi
echo "PROVED: a model planned, was corrected by the rules, and its lead added a task that the plan did not have"
