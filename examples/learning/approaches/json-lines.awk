# One JSON object a line: {"sale":17,"day":"2024-03-02","amount":12.50}
/^\{/ && match($0, /"amount":[0-9]+\.[0-9][0-9]/) { value = substr($0, RSTART + 9, RLENGTH - 9); sub(/\./, "", value); rows++; cents += value }
END { printf "%d %.0f\n", rows, cents }
