set -eu
missing=0
for title in "Files that change most" "Churn by author and month" "Largest files" "File types" "Files with the same content" \
    "TODO, FIXME and their kin" "Dependency manifests" "Tests" "Documents"; do
    grep -q -x -F "## $title" survey.md || { echo "survey.md has no section '$title'"; missing=$((missing + 1)); }
done
[ "$missing" -eq 0 ] && echo "all 9 sections are there"
