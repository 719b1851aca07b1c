. "$SKEP_PLAN_DIR/scripts/lib.sh"
# Status 1 means that there are none.
g grep -I -w -c -e TODO -e FIXME -e HACK -e XXX HEAD -- > "$(scratch found)" || [ $? -eq 1 ]
awk '{ sub(/^HEAD:/, ""); at = match($0, /:[0-9]+$/); n = substr($0, at + 1); sum += n; printf "%d\t%s\n", n, substr($0, 1, at - 1) }' "$(scratch found)" | sort -k1,1rn -k2 > "$(scratch counts)"
head -n "$ROWS" "$(scratch counts)" | awk -F '\t' '{ printf "%6d  %s\n", $1, $2 }' | section "TODO, FIXME and their kin"
output open_ends "$(awk -F '\t' '{ sum += $1 } END { print sum + 0 }' "$(scratch counts)")"
