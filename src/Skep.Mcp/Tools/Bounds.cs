namespace Skep.Mcp.Tools;

/// <summary>How much a tool answers at once. What is left out is counted and said.</summary>
internal static class Bounds
{
    /// <summary>Most rows of a list, whatever limit is asked for.</summary>
    public const int Rows = 200;

    /// <summary>Rows of a list where no limit is given.</summary>
    public const int DefaultRows = 50;

    /// <summary>Characters of a value of memory, of a task's output, or of a report.</summary>
    public const int Value = 32 * 1024;

    /// <summary>Characters of a value in a list.</summary>
    public const int ShortValue = 400;

    /// <summary>Characters of a reason or an error.</summary>
    public const int Line = 1_000;

    /// <summary>Characters of all outputs of one answer together.</summary>
    public const int Outputs = 64 * 1024;
}
