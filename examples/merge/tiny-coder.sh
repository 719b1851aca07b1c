#!/bin/sh
# A coding CLI without a model: reads a prompt "Sign FILE as NAME." and puts the name into the line "names:" of that file, in the folder where it was started.
# Told that its earlier work was handed back, it does what the evidence advises: brings that work in, and keeps both sides of the conflict.
set -eu
prompt=$(cat)
file=$(printf '%s\n' "$prompt" | sed -n 's/^.*Sign \([a-z.]*\) as .*$/\1/p' | tail -n 1)
name=$(printf '%s\n' "$prompt" | sed -n 's/^.*Sign [a-z.]* as \([a-z]*\)\..*$/\1/p' | tail -n 1)
[ -n "$file" ] && [ -n "$name" ] || { echo "I do not understand: $prompt"; exit 2; }

earlier=$(printf '%s\n' "$prompt" | sed -n "s/^.*'git cherry-pick -n \([0-9a-f]*\.\.[0-9a-f]*\)'.*$/\1/p" | head -n 1)
if [ -n "$earlier" ]; then
  if git cherry-pick -n "$earlier" > /dev/null 2>&1; then echo "my earlier work fits now"; exit 0; fi
  theirs=$(sed -n '/^<<<<<<</,/^=======/s/^names: //p' "$file")
  echo "names: $theirs, $name" > "$file"
  git add "$file"
  echo "$theirs had signed before me; both names stand there now"
  exit 0
fi

# So that the example always shows a conflict: the two who sign the same file begin before either is done.
if [ "$file" = names.txt ]; then
  : > "$SKEP_DIR/met.$name"
  tries=0
  while [ ! -e "$SKEP_DIR/met.ann" ] || [ ! -e "$SKEP_DIR/met.bob" ]; do
    tries=$((tries + 1))
    [ "$tries" -le 600 ] || { echo "the other one did not come"; exit 3; }
    sleep 0.1
  done
fi
echo "names: $name" > "$file"
echo "$name has signed $file"
