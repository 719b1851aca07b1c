. "$SKEP_PLAN_DIR/scripts/lib.sh"
g ls-tree -r -l HEAD | awk -F '\t' '
    {
        split($1, f, " "); base = $2; sub(/"$/, "", base); sub(/.*\//, "", base)
        if (toupper(base) ~ /^(README|LICEN[CS]E|COPYING|CONTRIBUTING|CHANGELOG|SECURITY|CODE_OF_CONDUCT)/ || tolower(base) ~ /\.(md|rst|adoc)$/)
            printf "%10d bytes  %s\n", f[4], $2
    }' > "$(scratch documents)"
head -n 30 "$(scratch documents)" | section "Documents"
output documents "$(wc -l < "$(scratch documents)" | tr -d ' ')"
