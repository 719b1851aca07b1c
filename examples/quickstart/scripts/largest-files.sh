. "$SKEP_PLAN_DIR/scripts/lib.sh"
# mode type hash size<TAB>name; submodules have "-" for a size.
g ls-tree -r -l HEAD | awk -F '\t' '{ split($1, f, " "); if (f[4] != "-") printf "%d\t%s\n", f[4], $2 }' > "$(scratch sizes)"
sort -rn "$(scratch sizes)" | head -n "$ROWS" | awk -F '\t' '{ printf "%12d bytes  %s\n", $1, $2 }' | section "Largest files"
output bytes "$(awk -F '\t' '{ sum += $1 } END { printf "%.0f", sum }' "$(scratch sizes)")"
