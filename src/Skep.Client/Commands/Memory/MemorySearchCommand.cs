using System.CommandLine;

namespace Skep.Client.Commands.Memory;

/// <summary><c>skep memory search</c>.</summary>
internal sealed class MemorySearchCommand : Verb
{
    private readonly CliContext _cli;
    private readonly Argument<string?> _text = new("TEXT") { Description = "Occurs in the name or in the value, in upper or lower case.", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string?> _glob = new("--glob") { Description = "Matches the key, or with a '/' the whole path: * any characters but '/', ** any, ? one.", HelpName = "PATTERN" };
    private readonly Option<string?> _prefix = new("--prefix", "--namespace", "-n") { Description = "Only among these entries, as in 'skep memory list'.", HelpName = "PREFIX" };
    private readonly Option<int?> _limit = MemoryOptions.Limit();
    private readonly Option<bool> _json = new("--json") { Description = "Write one line of JSON per entry." };
    private readonly Option<string?> _dir = CommonOptions.Dir();

    public MemorySearchCommand(CliContext cli)
        : base("search", "Searches entries by text and by name; exits with 1 when nothing is found.", "skep memory search timeout", "skep memory search --glob 'stat*'", "skep memory search error --prefix swarm/worker-1 --json")
    {
        _cli = cli;
        Add(_text);
        foreach (var option in new Option[] { _glob, _prefix, _limit, _json, _dir }) Add(option);
        SetAction(SearchAsync);
    }

    private async Task<int> SearchAsync(ParseResult parsed, CancellationToken cancel)
    {
        var (text, glob, json, now) = (parsed.GetValue(_text), parsed.GetValue(_glob), parsed.GetValue(_json), _cli.Time.GetUtcNow());
        if (text is null && glob is null) throw new CliException(ExitCodes.Usage, "say what to search for: a text, or --glob PATTERN");
        var args = new MemoryArgs { Text = text, Glob = glob, Prefix = parsed.GetValue(_prefix) };
        var found = await EntryPages.WriteAsync(
            _cli,
            MemoryCalls.In(_cli, parsed.GetValue(_dir)),
            MemoryOps.Search,
            args,
            parsed.GetValue(_limit),
            e => json ? MemoryText.Json(e, MemoryJson.Default.MemoryEntryMessage) : MemoryText.Line(e, now),
            cancel);
        return found > 0 ? ExitCodes.Ok : ExitCodes.NotFound;
    }
}
