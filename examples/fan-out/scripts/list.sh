set -eu
# The list is made here, at run time; a JSON array in an output is a list for 'foreach'.
echo 'names=["amber","birch","cedar","dogwood","elm"]' >> "$SKEP_OUTPUT"
