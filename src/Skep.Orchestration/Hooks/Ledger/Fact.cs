namespace Skep.Orchestration.Hooks;

/// <summary>Something that happened, before it is recorded. Texts are without secrets and within their bounds.</summary>
internal sealed record NewFact(string Kind, string Request)
{
    public string? Session { get; init; }

    public string? Agent { get; init; }

    public string? Task { get; init; }

    public string? Run { get; init; }

    /// <summary>The file, command or other thing that it is about.</summary>
    public string? Subject { get; init; }

    public string? Sha256 { get; init; }

    public long? Size { get; init; }

    /// <summary>Path of the memory entry that was written with it.</summary>
    public string? Memory { get; init; }

    public bool? Success { get; init; }

    /// <summary>Everything else, as a JSON object.</summary>
    public string? Data { get; init; }

    public string? Source { get; init; }

    public string? Cwd { get; init; }
}

/// <summary>A fact as it was recorded.</summary>
/// <param name="Seq">Its number; grows.</param>
/// <param name="AtUnixMs">When, Unix milliseconds.</param>
/// <param name="Kind">What happened.</param>
/// <param name="Session">The session.</param>
/// <param name="Agent">Who.</param>
/// <param name="Task">For which task.</param>
/// <param name="Run">In which run.</param>
/// <param name="Subject">The file, command or other thing that it is about.</param>
/// <param name="Sha256">Hash of an edited file, lower-case hex.</param>
/// <param name="Size">Its size, in bytes.</param>
/// <param name="Memory">Path of the memory entry that was written with it.</param>
/// <param name="Success">Whether it succeeded, where that was said.</param>
/// <param name="Data">Everything else, as a JSON object.</param>
public sealed record Fact(long Seq, long AtUnixMs, string Kind, string? Session, string? Agent, string? Task, string? Run, string? Subject, string? Sha256, long? Size, string? Memory, bool? Success, string? Data);

/// <summary>A session.</summary>
/// <param name="Id">Its name.</param>
/// <param name="StartedUnixMs">When it was first heard of.</param>
/// <param name="LastUnixMs">When it was last heard of.</param>
/// <param name="EndedUnixMs">When it ended; null while it goes on.</param>
/// <param name="Agent">Whose it is.</param>
/// <param name="Source">What calls: cli, claude-code, …</param>
/// <param name="Cwd">Where.</param>
/// <param name="Restored">How often it was taken up again.</param>
/// <param name="Facts">How many facts it left.</param>
/// <param name="Edits">Files changed.</param>
/// <param name="Commands">Commands run.</param>
/// <param name="Failed">Edits, commands and tasks that failed.</param>
/// <param name="Tasks">Tasks ended.</param>
/// <param name="Messages">Messages sent.</param>
public sealed record SessionInfo(
    string Id, long StartedUnixMs, long LastUnixMs, long? EndedUnixMs, string? Agent, string? Source, string? Cwd,
    long Restored, long Facts, long Edits, long Commands, long Failed, long Tasks, long Messages);

/// <summary>An agent that was heard of.</summary>
/// <param name="Name">Its name.</param>
/// <param name="FirstUnixMs">When first.</param>
/// <param name="LastUnixMs">When last.</param>
public sealed record KnownAgent(string Name, long FirstUnixMs, long LastUnixMs);
