#!/bin/sh
# What the jobs that were not seen before took, with memory and without, and how sure it is that memory is why.
set -eu
# The thin client, where there is one: it starts in milliseconds.
skep=${SKEP_CLIENT:-skep}
cat result-* > results.tsv
awk -F'\t' '
  { for (i = 1; i <= 2; i++) { g = i == 1 ? "all" : $3; n[$2, g]++; a[$2, g] += $4; f[$2, g] += $4 == 1 } }
  function row(g) {
    if (!n["memory", g] || !n["fixed", g]) return
    printf "%-10s %15d %15d %15.2f %15.2f %15s %15s\n", g, n["memory", g], n["fixed", g], a["memory", g] / n["memory", g], a["fixed", g] / n["fixed", g], f["memory", g] "/" n["memory", g], f["fixed", g] "/" n["fixed", g]
  }
  END {
    printf "%-10s %15s %15s %15s %15s %15s %15s\n", "jobs", "with memory", "without", "tries with", "tries without", "1st try with", "1st without"
    row("all"); row("known"); row("relative"); row("stranger")
  }' results.tsv | tee table.txt
"$skep" memory causes -n "$SKEP_RUN_ID/first-tries" --cause 'action:ask memory' | tee causes.txt
awk -F'\t' '{ n[$2]++; a[$2] += $4 } END { printf "tries_with=%.3f\ntries_without=%.3f\nfailed_tries_saved=%.3f\n", a["memory"] / n["memory"], a["fixed"] / n["fixed"], a["fixed"] / n["fixed"] - a["memory"] / n["memory"] }' results.tsv >> "$SKEP_OUTPUT"
# UPLIFT (LOW to HIGH) in the third column of the randomised edge.
awk -F'\t' '/\trandomised$/ { gsub(/[(+]/, "", $3); split($3, x, " "); printf "uplift=%s\nuplift_low=%s\n", x[1], x[2] }' causes.txt >> "$SKEP_OUTPUT"
