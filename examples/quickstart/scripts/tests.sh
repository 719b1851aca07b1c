. "$SKEP_PLAN_DIR/scripts/lib.sh"
g ls-tree -r --name-only HEAD > "$(scratch names)"
awk '
    {
        name = $0; sub(/^"/, "", name); sub(/"$/, "", name); low = tolower(name)
        if (low ~ /(^|\/)(tests?|specs?|__tests__)\// || low ~ /[._-](tests?|spec)\.[a-z]+$/ || low ~ /(^|\/)test_[^\/]*\.py$/ || name ~ /Tests?\.(cs|fs|java|kt)$/) {
            folder = name
            if (!sub(/\/[^\/]*$/, "", folder)) folder = "."
            count[folder]++
        }
    }
    END { for (f in count) printf "%d\t%s\n", count[f], f }' "$(scratch names)" | sort -k1,1rn -k2 > "$(scratch counts)"
head -n "$ROWS" "$(scratch counts)" | awk -F '\t' '{ printf "%6d files  %s\n", $1, $2 }' | section "Tests"
output test_files "$(awk -F '\t' '{ sum += $1 } END { print sum + 0 }' "$(scratch counts)")"
