set -eu
# COUNTS is a JSON array of texts: ["5","5",…].
total=0
for count in $(printf '%s' "$COUNTS" | tr -c '0-9' ' '); do total=$((total + count)); done
echo "$total" > total.txt
echo "letters_in_all=$total" >> "$SKEP_OUTPUT"
echo "the shards have $total letters in all"
