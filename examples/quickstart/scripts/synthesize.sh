set -eu
cd -- "$SKEP_RUN_DIR"
{
    printf '# Survey\n\n'
    while read -r section; do cat "$section.md"; done < "$SKEP_PLAN_DIR/scripts/sections.txt"
} > survey.md
printf 'files_surveyed=%s\n' "$(wc -l < file-types.names | tr -d ' ')" >> "$SKEP_OUTPUT"
printf 'survey=%s/survey.md\n' "$(pwd)" >> "$SKEP_OUTPUT"
# Within a run started by the skep program, a metric can be reported at any time.
if [ -n "${SKEP:-}" ]; then "$SKEP" metric survey_lines "$(wc -l < survey.md | tr -d ' ')"; fi
echo "wrote $(pwd)/survey.md"
