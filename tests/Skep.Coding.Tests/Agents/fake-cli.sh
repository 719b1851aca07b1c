#!/bin/sh
# A coding CLI for tests: reads a prompt of one shell command a line on stdin, and says in stream-json what it does.
# Arguments: start SESSION [--model MODEL] | resume SESSION [--model MODEL]
session=$2
prompt=$(cat)
printf '%s\n' "$*" >> "$FAKE_LOG.calls"
printf '%s\n=====\n' "$prompt" >> "$FAKE_LOG.prompts"
printf '{"type":"system","subtype":"init","session_id":"%s"}\n' "$session"
echo "this is no event"
# The model names its messages; no two have the same name.
says() { printf '{"type":"assistant","message":{"id":"%s","content":[{"type":"text","text":"%s"},{"type":"tool_use","id":"t-%s","name":"Edit","input":{"file":"x"}}],"usage":{"input_tokens":10,"output_tokens":5}}}\n' "$1" "$2" "$1"; }
say() { says "$$-$1" "$2"; }
# A turn whose tool has answered.
turn() { say "$1" "turn $1"; settle "$$-$1"; }
settle() { printf '{"type":"user","message":{"content":[{"type":"tool_result","tool_use_id":"t-%s","content":"ok"}]}}\n' "$1"; }
# The tool of a turn that was only said so far answers.
settled() { settle "$$-$1"; }
say 1 "key $FAKE_SECRET"
settle "$$-1"
result() { printf '{"type":"result","subtype":"%s","is_error":%s,"result":"%s","total_cost_usd":0.25,"num_turns":2,"usage":{"input_tokens":20,"output_tokens":10},"session_id":"%s"}\n' "$1" "$2" "$3" "$session"; }
printf '%s\n' "$prompt" | sed -n 's/^DO //p' > "$FAKE_LOG.do.$$"
. "$FAKE_LOG.do.$$"
[ -n "$failed" ] || result success false "${answer:-done}"
