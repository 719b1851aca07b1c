set -eu
cd -- "$SKEP_RUN_DIR"
{
    printf '# Survey\n\n'
    while read -r section; do cat "$section.md"; done < "$SKEP_PLAN_DIR/scripts/sections.txt"
} > survey.md
printf 'files_surveyed=%s\n' "$(wc -l < file-types.names | tr -d ' ')" >> "$SKEP_OUTPUT"
printf 'survey=%s/survey.md\n' "$(pwd)" >> "$SKEP_OUTPUT"
echo "wrote $(pwd)/survey.md"
