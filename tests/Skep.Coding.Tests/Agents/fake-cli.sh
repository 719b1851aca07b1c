#!/bin/sh
# A coding CLI for tests: reads a prompt of one shell command a line on stdin, and says in stream-json what it does.
# Arguments: start SESSION | resume SESSION
session=$2
prompt=$(cat)
printf '%s\n' "$1 $2" >> "$FAKE_LOG.calls"
printf '%s\n=====\n' "$prompt" >> "$FAKE_LOG.prompts"
printf '{"type":"system","subtype":"init","session_id":"%s"}\n' "$session"
echo "this is no event"
say() { printf '{"type":"assistant","message":{"id":"m%s","content":[{"type":"text","text":"%s"},{"type":"tool_use","name":"Edit","input":{"file":"x"}}],"usage":{"input_tokens":10,"output_tokens":5}}}\n' "$1" "$2"; }
say 1 "key $FAKE_SECRET"
result() { printf '{"type":"result","subtype":"%s","is_error":%s,"result":"%s","total_cost_usd":0.25,"num_turns":2,"usage":{"input_tokens":20,"output_tokens":10},"session_id":"%s"}\n' "$1" "$2" "$3" "$session"; }
printf '%s\n' "$prompt" | sed -n 's/^DO //p' > "$FAKE_LOG.do.$$"
. "$FAKE_LOG.do.$$"
[ -n "$failed" ] || result success false "${answer:-done}"
