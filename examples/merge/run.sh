#!/bin/sh
# Coding agents in worktrees of their own, and the merge queue: two change the same line, the second one's conflict is handed back and resolved, all of it lands.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
skep=${SKEP:-skep}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
git init --quiet --initial-branch=main
git config user.name Example
git config user.email example@localhost
echo 'names: nobody' > names.txt
echo 'names: nobody' > guide.txt
git add .
git commit --quiet -m base

TINY_CODER=$here/tiny-coder.sh
export TINY_CODER
"$skep" run "$here" --workspace "$work" --dir "$work" --id merge-demo --no-report

echo "== main"
git log --oneline main
cat names.txt guide.txt
case $(cat names.txt) in
  'names: ann, bob' | 'names: bob, ann') ;;
  *) echo "FAILED: names.txt does not have both names"; exit 1 ;;
esac
grep -q carol guide.txt || { echo "FAILED: carol's work did not land"; exit 1; }
[ "$(git rev-list --count main)" -eq 4 ] || { echo "FAILED: main should have the base and three commits"; exit 1; }
echo "== what was handed back is kept"
git branch --list 'skep/*'
[ "$(git branch --list 'skep/*' | wc -l)" -eq 1 ] || { echo "FAILED: one branch should be kept, that of the conflict"; exit 1; }
"$skep" show merge-demo | grep -q conflict || { echo "FAILED: nobody tells of the conflict"; exit 1; }
echo "PROVED: two changes of one line landed, the second after its conflict was handed back and resolved"
