namespace Skep.Plans;

/// <summary>Finds the agent files that a plan's agents are made from (<c>from:</c>). The plan language itself opens no files.</summary>
public interface IAgentFiles
{
    /// <summary>Finds the file that a reference means: a path relative to the plan, or a name with or without a version.</summary>
    /// <exception cref="AgentFileException">There is none, or it must not be read.</exception>
    AgentFileText Open(string reference);
}

/// <summary>The text of an agent file.</summary>
/// <param name="Path">Where it was found, for people: one line, relative where possible.</param>
/// <param name="Text">Its text.</param>
public sealed record AgentFileText(string Path, string Text);

/// <summary>An agent file cannot be had. The message says what, where and what to do.</summary>
public sealed class AgentFileException : Exception
{
    /// <summary>Makes one.</summary>
    public AgentFileException(string message) : base(message)
    {
    }

    /// <summary>Makes one with its cause.</summary>
    public AgentFileException(string message, Exception inner) : base(message, inner)
    {
    }
}

/// <summary>An agent file, read.</summary>
/// <param name="Spec">The spec; its id is the file's name for the agent.</param>
/// <param name="Path">Where the file was found.</param>
/// <param name="Text">Its text.</param>
public sealed record AgentFile(AgentSpec Spec, string Path, string Text)
{
    /// <summary>Tools that the file names and that skep has none of; they stand in the spec all the same, for hosts that bring them.</summary>
    public IReadOnlyList<string> UnknownTools { get; init; } = [];
}

/// <summary>What reading an agent file yields.</summary>
/// <param name="File">The file, or null when there are errors.</param>
/// <param name="Diagnostics">All findings, in file order.</param>
public sealed record AgentFileResult(AgentFile? File, IReadOnlyList<Diagnostic> Diagnostics);
