# Fields between tabs, the amount in the third: 17 <tab> 2024-03-02 <tab> 12.50
BEGIN { FS = "\t" }
/^[0-9]/ && NF == 3 && $3 ~ /^[0-9]+\.[0-9][0-9]$/ { sub(/\./, "", $3); rows++; cents += $3 }
END { printf "%d %.0f\n", rows, cents }
