using System.CommandLine;
using System.Text.Json;
using Skep.Client.Terminal;
using Skep.Orchestration.Hooks;

namespace Skep.Client.Commands.Messages;

/// <summary>A command about messages or claims: who, where, and JSON or text.</summary>
internal abstract class MessageVerb : Verb
{
    private readonly Option<string?> _agent = new("--agent") { Description = "Who you are; SKEP_AGENT unless given, else your user name.", HelpName = "NAME" };
    private readonly Option<string?> _dir = CommonOptions.Dir();
    private readonly Option<bool> _json = CommonOptions.Json();

    protected MessageVerb(CliContext cli, string name, string description, params IReadOnlyList<string> examples) : base(name, description, examples) => Cli = cli;

    protected CliContext Cli { get; }

    /// <summary>Adds what all of them have, and sets the action.</summary>
    protected void Complete(Func<ParseResult, CancellationToken, Task<int>> run)
    {
        Add(_agent);
        Add(_dir);
        Add(_json);
        SetAction(run);
    }

    protected string Agent(ParseResult parsed) => Identity.AgentOrPerson(Cli, parsed.GetValue(_agent));

    protected bool IsJson(ParseResult parsed) => parsed.GetValue(_json);

    protected SkepFolder Folder(ParseResult parsed) => HookCaller(parsed);

    protected Task<JsonElement> AskAsync(ParseResult parsed, string op, Action<Utf8JsonWriter> args, CancellationToken cancel) =>
        FamilyCalls.AskAsync(Cli, Folder(parsed), "messages." + op, FamilyCalls.Args(json =>
        {
            json.WriteString("agent", Agent(parsed));
            args(json);
        }), cancel: cancel);

    /// <summary>Shows an answer: notes on standard error, the rest as JSON or by a function.</summary>
    protected int Show(ParseResult parsed, JsonElement answer, Func<JsonElement, string> text)
    {
        if (answer.TryGetProperty("notes", out var notes))
            foreach (var note in notes.EnumerateArray()) Cli.Error.WriteLine($"note: {PlainLine.Clean(note.GetString())}");
        Cli.Out.Write(IsJson(parsed) ? FamilyCalls.Text(answer) : text(answer));
        return ExitCodes.Ok;
    }

    /// <summary>Texts are masked before they leave this process, which knows the values of its secrets.</summary>
    protected string Masked(string text) => Secrets.MaskerFor(Cli.Environment)(text);

    /// <summary>Reads a duration such as 30s.</summary>
    /// <exception cref="CliException">It is none.</exception>
    protected static TimeSpan Duration(string text, string option) =>
        Plans.Reading.Text.DurationText.TryParse(text, out var duration, out var problem) ? duration : throw new CliException(ExitCodes.Usage, $"{option} '{text}': {problem}");

    private SkepFolder HookCaller(ParseResult parsed) => Hooks.HookCaller.FolderOf(Cli, parsed.GetValue(_dir));
}
