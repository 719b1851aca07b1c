namespace Skep.Vectors.Graph;

/// <summary>A row and its distance to what is looked for. The highest bit of the row says that its neighbours have been looked at.</summary>
internal struct Candidate
{
    public const uint ExpandedBit = 1u << 31;

    public float Distance;
    public uint Tagged;

    public Candidate(int row, float distance) => (Tagged, Distance) = ((uint)row, distance);

    public readonly int Row => (int)(Tagged & ~ExpandedBit);

    public readonly bool IsExpanded => (Tagged & ExpandedBit) != 0;
}
