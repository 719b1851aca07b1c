using System.CommandLine;

namespace Skep.Client.Commands.Memory;

/// <summary><c>skep memory search</c>.</summary>
internal sealed class MemorySearchCommand : Verb
{
    private readonly CliContext _cli;
    private readonly FindOptions _find;
    private readonly Option<string?> _contains = new("--contains") { Description = "Entries whose name or value has this in it, letter for letter but for the case; looks at one after the other.", HelpName = "TEXT" };
    private readonly Option<string?> _glob = new("--glob") { Description = "Entries whose key, or with a '/' whole path, matches: * any characters but '/', ** any, ? one. With TEXT, those of them that contain it.", HelpName = "PATTERN" };
    private readonly Option<bool> _json = new("--json") { Description = "Write one line of JSON per entry." };
    private readonly Option<string?> _dir = CommonOptions.Dir();

    public MemorySearchCommand(CliContext cli)
        : base("search", "Finds entries by words, by nearness and by metadata, best first; exits with 1 when nothing is found.", "skep memory search failed upload", "skep memory search upload --filter 'tags has \"urgent\"'", "skep memory search --glob 'stat*'")
    {
        (_cli, _find) = (cli, new FindOptions(cli));
        _find.AddTo(this);
        foreach (var option in new Option[] { _contains, _glob, _json, _dir }) Add(option);
        SetAction(SearchAsync);
    }

    private Task<int> SearchAsync(ParseResult parsed, CancellationToken cancel) =>
        parsed.GetValue(_contains) is null && parsed.GetValue(_glob) is null ? FindAsync(parsed, cancel) : ScanAsync(parsed, cancel);

    private async Task<int> FindAsync(ParseResult parsed, CancellationToken cancel)
    {
        var json = parsed.GetValue(_json);
        var args = _find.Read(parsed);
        if (args is { Text: null, Vector: null, Filter: null }) throw new CliException(ExitCodes.Usage, "say what to search for: a text, --filter CONDITION, --vector NUMBERS, --contains TEXT or --glob PATTERN");
        var found = await FoundAsync(_cli, MemoryOps.Find, args with { Values = true }, MemoryJson.Default.MemoryFindMessage, parsed.GetValue(_dir), cancel);
        foreach (var note in found.Notes ?? []) _cli.Error.WriteLine(note);
        foreach (var entry in found.Entries) _cli.Out.WriteLine(json ? MemoryText.Json(entry, MemoryJson.Default.MemoryEntryMessage) : MemoryText.FoundLine(entry));
        return found.Entries.Count > 0 ? ExitCodes.Ok : ExitCodes.NotFound;
    }

    private async Task<int> ScanAsync(ParseResult parsed, CancellationToken cancel)
    {
        var (text, json, now) = (_find.Text(parsed), parsed.GetValue(_json), _cli.Time.GetUtcNow());
        if (text is not null && parsed.GetValue(_contains) is not null) throw new CliException(ExitCodes.Usage, "give a text to find, or --contains, not both");
        var args = new MemoryArgs { Text = parsed.GetValue(_contains) ?? text, Glob = parsed.GetValue(_glob), Prefix = _find.Prefix(parsed) };
        var found = await EntryPages.WriteAsync(
            _cli,
            MemoryCalls.In(_cli, parsed.GetValue(_dir)),
            MemoryOps.Search,
            args,
            parsed.GetValue(_find.Limit),
            e => json ? MemoryText.Json(e, MemoryJson.Default.MemoryEntryMessage) : MemoryText.Line(e, now),
            cancel);
        return found > 0 ? ExitCodes.Ok : ExitCodes.NotFound;
    }

    /// <summary>Asks, with a line that tells how far an index is where somebody watches.</summary>
    internal static async Task<T> FoundAsync<T>(CliContext cli, string op, MemoryFindArgs args, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type, string? dir, CancellationToken cancel)
    {
        var line = new IndexProgressLine(cli);
        try
        {
            return await MemoryCalls.In(cli, dir).FindAsync(op, args, type, cli.Terminal.OutIsTerminal ? line.Take : null, cancel);
        }
        finally
        {
            line.End();
        }
    }
}
