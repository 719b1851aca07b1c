# Shared by the survey's scripts: enters the repository and writes a section of the survey.
# Only sh, git, awk and coreutils. Names with spaces, quotes or line breaks stay on one line because git
# quotes them; nothing here ever splits or evaluates a name.
set -eu
export LC_ALL=C GIT_OPTIONAL_LOCKS=0 GIT_NO_LAZY_FETCH=1 GIT_PAGER=cat

# How much history is read; more would take long in large repositories and say little about today.
COMMITS=2000
ROWS=15

cd -- "$SKEP_WORKSPACE"
cd -- "$REPO" 2>/dev/null || { echo "there is no folder '$REPO' in $SKEP_WORKSPACE; give --var repo=PATH" >&2; exit 1; }

g() { git -c core.quotePath=false -c color.ui=false -c log.showSignature=false "$@"; }

# section TITLE: standard input becomes a section; rows are indented, so that Markdown leaves them as they are.
section() {
    {
        printf '## %s\n\n' "$1"
        awk 'NR == 1 && $0 == "" { next } { print "    " $0; n++ } END { if (!n) print "    (none)" }'
        printf '\n'
    } > "$SKEP_RUN_DIR/$SKEP_TASK_ID.md"
}

# Reports an output to skep.
output() { printf '%s=%s\n' "$1" "$2" >> "$SKEP_OUTPUT"; }

# A scratch file of this task.
scratch() { printf '%s/%s.%s' "$SKEP_RUN_DIR" "$SKEP_TASK_ID" "$1"; }
