#!/bin/sh
# Runs the research swarm in a temporary copy: against the model that SKEP_MODEL_BASE_URL names, or, where none is named, against a scripted one.
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
cp -r "$here/brief" "$work/"

if [ -z "${SKEP_MODEL_BASE_URL:-}" ]; then
  "$skep" testing serve "$here/model.yaml" --ready-file "$work/address" > "$work/server.log" &
  server=$!
  tries=0
  while [ ! -s "$work/address" ]; do
    tries=$((tries + 1))
    [ "$tries" -le 300 ] || { echo "the scripted model did not start" >&2; exit 1; }
    sleep 0.1
  done
  SKEP_MODEL_BASE_URL=$(cat "$work/address")
  SKEP_MODEL_WIRE=${SKEP_MODEL_WIRE:-openai} SKEP_MODEL=scripted SKEP_MODEL_API_KEY=no-real-key
  export SKEP_MODEL_BASE_URL SKEP_MODEL_WIRE SKEP_MODEL SKEP_MODEL_API_KEY
fi

"$skep" run "$here" --workspace "$work" --dir "$work"
"$skep" query list --all --dir "$work"
echo
cat "$work/proposal.md"
