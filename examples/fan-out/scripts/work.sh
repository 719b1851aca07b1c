set -eu
shard=$1
# The third shard fails on its first attempt, as real work does now and then.
if [ "$shard" = cedar ] && [ "$SKEP_ATTEMPT" -eq 1 ]; then
    echo "$shard: the connection was lost" >&2
    exit 1
fi
echo "letters=${#shard}" >> "$SKEP_OUTPUT"
echo "$shard has ${#shard} letters (attempt $SKEP_ATTEMPT)"
