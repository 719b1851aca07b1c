#!/bin/sh
# Writes the exports of eight till systems, each in its own format, with control totals as an accounts department has them, and says which jobs there are.
# Everything follows from the seed. Usage: make-jobs.sh FOLDER
set -eu
mkdir -p "$1/data"
cd -- "$1"
awk '
function draw(n) { seed = (seed * 16807) % 2147483647; return seed % n }
function line(format, sale, day, cents,   euros) {
  euros = int(cents / 100)
  if (format == "comma")       return sprintf("%d,2024-%02d-%02d,%d.%02d", sale, month, day, euros, cents % 100)
  if (format == "semicolon")   return sprintf("%d;%02d.%02d.2024;%d,%02d", sale, day, month, euros, cents % 100)
  if (format == "tab")         return sprintf("%d\t2024-%02d-%02d\t%d.%02d", sale, month, day, euros, cents % 100)
  if (format == "json-lines")  return sprintf("{\"sale\":%d,\"day\":\"2024-%02d-%02d\",\"amount\":%d.%02d}", sale, month, day, euros, cents % 100)
  if (format == "fixed-width") return sprintf("%6d2024%02d%02d%10d", sale, month, day, cents)
  return sprintf("sale=%d day=2024-%02d-%02d amount=%d.%02d", sale, month, day, euros, cents % 100)
}
# Whether memory may be asked is drawn by chance for each job of the second half: this is what makes the comparison an experiment.
function job(part, group, maker, format, branch,   id, file, rows, cents, total, i) {
  id = sprintf("%s-%03d", part, ++count)
  file = "data/" id
  rows = 20 + draw(30)
  total = 0
  for (i = 1; i <= rows; i++) {
    cents = 100 + draw(20000)
    total += cents
    print line(format, i, 1 + draw(28), cents) > file
  }
  close(file)
  print rows, total > (file ".control")
  close(file ".control")
  jobs[id] = group "\t" maker "\t" "Sum the amounts in the till export of " maker ", branch " branch ", " months[month]
  order[part, ++size[part]] = id
}
function arms(part,   i, j, swap, half) {
  half = int(size[part] / 2)
  for (i = 1; i <= size[part]; i++) arm[i] = i <= half ? "memory" : "fixed"
  for (i = size[part]; i > 1; i--) { j = 1 + draw(i); swap = arm[i]; arm[i] = arm[j]; arm[j] = swap }
}
function write(part,   i) {
  arms(part)
  for (i = 1; i <= size[part]; i++) print order[part, i] "\t" arm[i] "\t" jobs[order[part, i]] > "jobs.tsv"
}
BEGIN {
  seed = 20261121
  split("January February March April May June July August September October November December", months, " ")
  split("north south east west centre harbour", branches, " ")
  makers = split("Kestrel Heron Magpie Plover Wren Swift", maker, " ")
  split("semicolon tab json-lines fixed-width comma key-value", format, " ")
  for (s = 1; s <= makers; s++) for (i = 1; i <= 4; i++) { month = i; job("learn", "known", maker[s], format[s], branches[i]) }
  # Not seen before, as later months bring them: other branches and months of the same systems, ...
  for (s = 1; s <= makers; s++) for (i = 1; i <= 5; i++) { month = 4 + i; job("apply", "known", maker[s], format[s], branches[1 + (s + i) % 6]) }
  # ... two systems of the makers of known ones, and one that resembles none of them.
  for (i = 1; i <= 4; i++) { month = 4 + i; job("apply", "relative", "Kestrel Mini", "semicolon", branches[i]) }
  for (i = 1; i <= 4; i++) { month = 4 + i; job("apply", "relative", "Swift Cloud", "key-value", branches[i]) }
  for (i = 1; i <= 4; i++) { month = 4 + i; job("apply", "stranger", "Dipper", "tab", branches[i]) }
  # A known system that changes its format.
  month = 12; job("change", "changed", "Heron", "semicolon", branches[1])
  write("learn"); write("apply"); write("change")
}' /dev/null
list() { awk -F'\t' -v part="$1" 'index($1, part "-") == 1 { printf "%s\"%s\"", (n++ ? "," : "["), $1 } END { print "]" }' jobs.tsv; }
echo "learn=$(list learn)" >> "$SKEP_OUTPUT"
echo "apply=$(list apply)" >> "$SKEP_OUTPUT"
awk '{ split($1, part, "-"); n[part[1]]++ } END { print n["learn"] " jobs to learn from, " n["apply"] " not seen before" }' jobs.tsv
