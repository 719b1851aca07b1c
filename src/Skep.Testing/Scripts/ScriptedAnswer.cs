namespace Skep.Testing;

/// <summary>
/// What a rule answers. Texts and strings inside JSON may hold <c>${name}</c>: a group of the rule's regular expressions by name or number, or <c>tool</c>, <c>tools</c>,
/// <c>user</c>, <c>system</c>, <c>model</c>, <c>agent</c>, <c>turns</c>. <c>$${</c> is a plain <c>${</c>.
/// </summary>
public sealed record ScriptedAnswer
{
    /// <summary>Nothing at all: an empty text.</summary>
    public static ScriptedAnswer Empty { get; } = new();

    /// <summary>The text.</summary>
    public string? Text { get; init; }

    /// <summary>JSON that is sent as the text; in place of <see cref="Text"/>.</summary>
    public string? Json { get; init; }

    /// <summary>The reasoning before it.</summary>
    public string? Reasoning { get; init; }

    /// <summary>Calls of tools, in parallel.</summary>
    public IReadOnlyList<ScriptedCall> Calls { get; init; } = [];

    /// <summary>What it is said to use; null: counted by <see cref="TokenRule"/>.</summary>
    public ModelUsage? Usage { get; init; }

    /// <summary>Why it ends; null: for results of tools if it has calls, because it is complete if not.</summary>
    public ModelFinish? Finish { get; init; }

    /// <summary>A text.</summary>
    public static ScriptedAnswer Say(string text) => new() { Text = text };

    /// <summary>A call of a tool.</summary>
    public static ScriptedAnswer Call(string tool, string arguments = "{}") => new() { Calls = [new ScriptedCall(tool, arguments)] };
}

/// <summary>A call of a tool that a rule answers with. Its id is made from the conversation: the same turn, asked again, has the same ids.</summary>
/// <param name="Tool">The tool. It must be among those that the request offers, unless the fault <see cref="FaultKind.UnknownTool"/> is meant.</param>
/// <param name="Arguments">The arguments as JSON.</param>
public sealed record ScriptedCall(string Tool, string Arguments = "{}");
