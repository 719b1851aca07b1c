# Fields between semicolons, the amount in the third with a decimal comma: 17;02.03.2024;12,50
BEGIN { FS = ";" }
/^[0-9]/ && NF == 3 && $3 ~ /^[0-9]+,[0-9][0-9]$/ { sub(/,/, "", $3); rows++; cents += $3 }
END { printf "%d %.0f\n", rows, cents }
