#!/bin/sh
# Does one job: tries approaches one after the other until the sum has the control totals.
# Usage: work.sh learn|apply|change JOB     in the folder that make-jobs.sh filled
#   learn   tries in an order that chance gives, and records every try
#   apply   asks memory first if chance gave the job that arm, else tries in the fixed order; records how the job went
#   change  asks memory and records every try
set -eu
# The thin client, where there is one: it starts in milliseconds.
skep=${SKEP_CLIENT:-skep}
# Each run learns by itself.
episodes=$SKEP_RUN_ID/episodes
here=$(cd -- "$(dirname -- "$0")" && pwd)
part=$1 job=$2 tab=$(printf '\t')
fixed='comma semicolon tab json-lines fixed-width key-value'
line=$(grep "^$job$tab" jobs.tsv)
IFS=$tab read -r _ arm group system task <<END
$line
END
kind=$(printf '%s' "till-$system" | tr 'A-Z ' 'a-z-')

fixed_order() { printf '%s\n' $fixed; }

# The order follows from the job's name alone, by a generator with a seed.
random_order() {
  printf '%s\n' $fixed | awk -v job="$job" '
    function draw(n) { seed = (seed * 16807) % 2147483647; return seed % n }
    { all[NR] = $0 }
    END {
      seed = 1; for (i = 1; i <= length(job); i++) seed = (seed * 131 + index("abcdefghijklmnopqrstuvwxyz-0123456789", substr(job, i, 1)) * 7919 + 17) % 2147483647
      for (i = 1; i <= 20; i++) draw(2)
      for (i = NR; i >= 1; i--) { j = 1 + draw(i); print all[j]; all[j] = all[i] }
    }'
}

# First the skill of this kind of task, then what worked at similar tasks, then what was not tried, last what never worked at them.
memory_order() {
  "$skep" memory skills list -n "$episodes" --kind "$kind" -k 1 > "skill-$job"
  "$skep" memory episodes advise "$task" -n "$episodes" --min-likeness 0.5 -k 12 > "advice-$job" || [ $? -eq 1 ]
  awk -F'\t' '
    FILENAME ~ /skill-/  { first[++f] = $4; next }
    FILENAME ~ /advice-/ { if ($1 > 0) first[++f] = $3; else last[$3] = 1; next }
    { rest[++r] = $1 }
    END {
      for (i = 1; i <= f; i++) if (!done[first[i]]++) print first[i]
      for (i = 1; i <= r; i++) if (!done[rest[i]] && !(rest[i] in last)) { done[rest[i]] = 1; print rest[i] }
      for (i = 1; i <= r; i++) if (!done[rest[i]]++) print rest[i]
    }' "skill-$job" "advice-$job" fixed-order
}

record_try() { # APPROACH success|failure ANSWER
  assigned=chosen
  # Only the first try of an order that chance gave was there for every approach alike: later ones come after failures.
  if [ "$part" = learn ] && [ "$attempts" -eq 1 ]; then assigned=random; fi
  "$skep" memory episodes record "$task" -n "$episodes" --kind "$kind" --action "$1" "--$2" --assigned "$assigned" --id "$job.$attempts" \
    --critique "read rows and cents $3, the control total is $(cat "data/$job.control")" > recorded-"$job"
}

fixed_order > "fixed-order.$job" && mv "fixed-order.$job" fixed-order
case $part in
  learn) random_order > "order-$job" ;;
  change) memory_order > "order-$job" ;;
  *) if [ "$arm" = memory ]; then memory_order > "order-$job"; else fixed_order > "order-$job"; fi ;;
esac

attempts=0 outcome=failure
while [ "$outcome" = failure ] && read -r approach; do
  attempts=$((attempts + 1))
  answer=$(awk -f "$here/approaches/$approach.awk" "data/$job")
  if [ "$answer" = "$(cat "data/$job.control")" ]; then outcome=success; fi
  if [ "$part" != apply ]; then record_try "$approach" "$outcome" "$answer"; fi
done < "order-$job"
[ "$outcome" = success ] || { echo "no approach reads $job" >&2; exit 1; }

if [ "$part" = apply ]; then
  case $arm in memory) how='ask memory' ;; *) how='fixed order' ;; esac
  case $attempts in 1) first=success ;; *) first=failure ;; esac
  "$skep" memory episodes record "Find at the first try how to read $job of $system" -n "$SKEP_RUN_ID/first-tries" --kind first-try --action "$how" "--$first" \
    --reward "$(awk -v n="$attempts" 'BEGIN { printf "%.3f", 1 / n }')" --tag "$group" --assigned random --id "$job" > recorded-"$job"
  printf '%s\t%s\t%s\t%s\n' "$job" "$arm" "$group" "$attempts" > "result-$job"
fi
echo "$job of $system: $attempts attempts, $approach works"
