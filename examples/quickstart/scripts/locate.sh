. "$SKEP_PLAN_DIR/scripts/lib.sh"
command -v git > /dev/null || { echo "git is not installed" >&2; exit 1; }
if ! problem=$(git rev-parse --git-dir 2>&1); then
    echo "'$(pwd)' is no git repository: start the run inside one, or give --var repo=PATH" >&2
    echo "$problem" >&2
    exit 1
fi
if ! head=$(git rev-parse --short --verify HEAD 2>/dev/null); then
    echo "the repository '$(pwd)' has no commit yet: commit something first" >&2
    exit 1
fi
output head "$head"
output commits "$(git rev-list --count HEAD)"
output shallow "$(git rev-parse --is-shallow-repository)"
output name "$(basename "$(pwd)" | tr -d '\n')"
echo "surveying $(pwd) at $head"
