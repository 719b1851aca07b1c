#!/bin/sh
# A system writes another format from now on. The worker still finds what reads it, and the skill that has become wrong retires.
set -eu
# The thin client, where there is one: it starts in milliseconds.
skep=${SKEP_CLIENT:-skep}
# Each run learns by itself.
episodes=$SKEP_RUN_ID/episodes
here=$(cd -- "$(dirname -- "$0")" && pwd)
sh "$here/work.sh" change "$(awk -F'\t' '/^change-/ { print $1 }' jobs.tsv)"
"$skep" memory skills distill -n "$episodes" | tail -n 1
"$skep" memory skills list -n "$episodes" --kind till-heron --retired
[ -z "$("$skep" memory skills list -n "$episodes" --kind till-heron)" ] || { echo "a skill that failed still lives" >&2; exit 1; }
