namespace Skep.Plans;

/// <summary>Where something stands in a plan file. Lines and columns count from 1; <c>default</c> means "not from a file".</summary>
/// <param name="Line">1-based line.</param>
/// <param name="Column">1-based column, in UTF-16 units.</param>
/// <param name="Length">Length of the text on that line, at least 0.</param>
public readonly record struct SourceSpan(int Line, int Column, int Length)
{
    /// <summary>True when the span points into a file.</summary>
    public bool IsKnown => Line > 0;

    /// <inheritdoc />
    public override string ToString() => IsKnown ? $"{Line}:{Column}" : "?";
}
