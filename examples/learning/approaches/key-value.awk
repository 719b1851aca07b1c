# One word a field: sale=17 day=2024-03-02 amount=12.50
{ for (i = 1; i <= NF; i++) if ($i ~ /^amount=[0-9]+\.[0-9][0-9]$/) { value = substr($i, 8); sub(/\./, "", value); rows++; cents += value } }
END { printf "%d %.0f\n", rows, cents }
