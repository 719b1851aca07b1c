. "$SKEP_PLAN_DIR/scripts/lib.sh"
# A commit's line begins with a control character that no path or number begins with.
g log --no-merges -n "$COMMITS" --date=format:%Y-%m --format='%x01%ad%x01%aN' --numstat > "$(scratch log)"
awk -F '\001' -v rows="$ROWS" '
    NF > 2 { month = $2; author = $3; commits[author]++; months[month] += 0; next }
    {
        split($0, part, "\t")
        changed = part[1] + part[2]          # "-" for binary files counts as 0
        lines[author] += changed; months[month] += changed
    }
    END {
        for (a in commits) printf "1\t%d\t%8d lines  %5d commits  %s\n", lines[a], lines[a], commits[a], a
        for (m in months) printf "2\t%s\t%8d lines  %s\n", m, months[m], m
    }' "$(scratch log)" > "$(scratch sums)"
{
    grep '^1' "$(scratch sums)" | sort -t "$(printf '\t')" -k2,2rn | head -n "$ROWS" | cut -f 3-
    echo
    grep '^2' "$(scratch sums)" | sort -t "$(printf '\t')" -k2,2r | head -n 12 | cut -f 3-
} | section "Churn by author and month"
output authors "$(grep -c '^1' "$(scratch sums)" || true)"
