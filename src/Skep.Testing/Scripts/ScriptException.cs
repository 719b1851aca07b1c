namespace Skep.Testing;

/// <summary>A script is not one: every mistake stands in the message, one a line, those of a file with line and column.</summary>
/// <param name="mistakes">The mistakes, in the order of the file.</param>
public sealed class ScriptException(IReadOnlyList<string> mistakes) : Exception(string.Join('\n', mistakes))
{
    /// <summary>The mistakes.</summary>
    public IReadOnlyList<string> Mistakes { get; } = mistakes;
}
