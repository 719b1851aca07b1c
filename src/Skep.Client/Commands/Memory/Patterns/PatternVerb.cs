using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Skep.Client.Terminal;
using Skep.Memory.Patterns;
using Skep.Orchestration.Hooks;

namespace Skep.Client.Commands.Memory.Patterns;

/// <summary>A command about episodes: where they are, and JSON or text.</summary>
internal abstract class PatternVerb : Verb
{
    private readonly Option<string?> _namespace = new("--namespace", "-n") { Description = $"Namespace of the episodes; {PatternSpaces.Default} unless given.", HelpName = "NS" };
    private readonly Option<bool> _json = CommonOptions.Json();
    private readonly Option<string?> _dir = CommonOptions.Dir();

    protected PatternVerb(CliContext cli, string name, string description, params IReadOnlyList<string> examples) : base(name, description, examples) => Cli = cli;

    protected CliContext Cli { get; }

    /// <summary>Adds the command's own options and what all of them have, and sets the action.</summary>
    protected void Complete(Func<ParseResult, CancellationToken, Task<int>> run, params IReadOnlyList<Option> options)
    {
        foreach (var option in options) Add(option);
        foreach (var option in new Option[] { _namespace, _json, _dir }) Add(option);
        SetAction(run);
    }

    protected bool IsJson(ParseResult parsed) => parsed.GetValue(_json);

    /// <summary>Carries a request out: through the folder's owner, or as the owner for a moment.</summary>
    /// <exception cref="CliException">It was refused.</exception>
    protected async Task<T> AskAsync<T>(ParseResult parsed, string op, PatternArgs args, JsonTypeInfo<T> type, CancellationToken cancel)
    {
        var calls = op == PatternOps.Record ? MemoryCalls.InOrNew(Cli, parsed.GetValue(_dir)) : MemoryCalls.In(Cli, parsed.GetValue(_dir));
        var json = JsonSerializer.SerializeToElement(args with { Space = parsed.GetValue(_namespace) }, PatternArgsJson.Default.PatternArgs);
        return (await FamilyCalls.AskAsync(Cli, calls.Folder, op, json, static _ => { }, cancel: cancel)).Deserialize(type)!;
    }

    /// <summary>Writes an answer: its notes on standard error, itself as one line of JSON or as lines of text.</summary>
    protected void Show<T>(ParseResult parsed, T answer, JsonTypeInfo<T> type, IEnumerable<string> notes, IEnumerable<string> lines)
    {
        if (IsJson(parsed))
        {
            Cli.Out.WriteLine(MemoryText.Json(answer, type));
            return;
        }

        foreach (var line in lines) Cli.Out.WriteLine(line);
        foreach (var note in notes) Cli.Error.WriteLine($"note: {PlainLine.Clean(note)}");
    }

    /// <summary>Texts are masked before they leave this process, which knows the values of its secrets.</summary>
    protected string Masked(string text) => Secrets.MaskerFor(Cli.Environment)(text);
}
