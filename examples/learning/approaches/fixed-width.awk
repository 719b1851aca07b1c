# Columns of fixed width: sale 1 to 6, day 7 to 14, amount in cents 15 to 24.
length($0) == 24 && $0 ~ /^[ 0-9]+$/ { rows++; cents += substr($0, 15, 10) }
END { printf "%d %.0f\n", rows, cents }
