. "$SKEP_PLAN_DIR/scripts/lib.sh"
g ls-tree -r --name-only HEAD > "$(scratch names)"
awk '
    {
        name = $0
        if (name ~ /^".*"$/) name = substr(name, 2, length(name) - 2)
        sub(/.*\//, "", name)
        ext = (match(name, /[^.]\.[^.]+$/)) ? tolower(substr(name, RSTART + 1)) : "(none)"
        count[ext]++
    }
    END { for (e in count) printf "%d\t%s\n", count[e], e }' "$(scratch names)" | sort -k1,1rn -k2 > "$(scratch types)"
head -n "$ROWS" "$(scratch types)" | awk -F '\t' '{ printf "%6d  %s\n", $1, $2 }' | section "File types"
output files_surveyed "$(wc -l < "$(scratch names)" | tr -d ' ')"
output types "$(wc -l < "$(scratch types)" | tr -d ' ')"
