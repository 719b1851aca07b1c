. "$SKEP_PLAN_DIR/scripts/lib.sh"
# Git has hashed every file already. The hash of the empty file is left out.
g ls-tree -r -l HEAD > "$(scratch tree)"
awk -F '\t' '
    { split($1, f, " "); if (f[2] == "blob" && f[4] + 0 > 0) { n[f[3]]++; size[f[3]] = f[4] } }
    END { for (h in n) if (n[h] > 1) printf "%d\t%s\n", (n[h] - 1) * size[h], h }' "$(scratch tree)" | sort -rn > "$(scratch hashes)"
head -n "$ROWS" "$(scratch hashes)" > "$(scratch top)"
awk -F '\t' '
    FILENAME == ARGV[1] { waste[$2] = $1; order[++k] = $2; next }
    { split($1, f, " "); if (f[3] in waste) names[f[3]] = names[f[3]] "\n" "                 " $2 }
    END { for (i = 1; i <= k; i++) printf "%9d bytes too many%s\n", waste[order[i]], names[order[i]] }' "$(scratch top)" "$(scratch tree)" | section "Files with the same content"
output duplicate_groups "$(wc -l < "$(scratch hashes)" | tr -d ' ')"
