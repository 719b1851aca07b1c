using System.CommandLine;

namespace Skep.Client.Commands.Memory;

/// <summary><c>skep memory list</c>.</summary>
internal sealed class MemoryListCommand : Verb
{
    private readonly CliContext _cli;
    private readonly Argument<string?> _prefix = MemoryOptions.Prefix();
    private readonly Option<bool> _values = new("--values") { Description = "Write the values too." };
    private readonly Option<int?> _limit = MemoryOptions.Limit();
    private readonly Option<bool> _json = new("--json") { Description = "Write one line of JSON per entry." };
    private readonly Option<string?> _dir = CommonOptions.Dir();

    public MemoryListCommand(CliContext cli) : base("list", "Lists entries, sorted by name.", "skep memory list", "skep memory list swarm/worker-1 --values", "skep memory list 'swarm/w*' --json")
    {
        _cli = cli;
        Add(_prefix);
        foreach (var option in new Option[] { _values, _limit, _json, _dir }) Add(option);
        SetAction(ListAsync);
    }

    private async Task<int> ListAsync(ParseResult parsed, CancellationToken cancel)
    {
        var (json, values, now) = (parsed.GetValue(_json), parsed.GetValue(_values), _cli.Time.GetUtcNow());
        Func<MemoryEntryMessage, string> line = json ? e => MemoryText.Json(e, MemoryJson.Default.MemoryEntryMessage) : values ? MemoryText.ValueLine : e => MemoryText.Line(e, now);
        var args = new MemoryArgs { Prefix = parsed.GetValue(_prefix), Values = values };
        await EntryPages.WriteAsync(_cli, MemoryCalls.In(_cli, parsed.GetValue(_dir)), MemoryOps.List, args, parsed.GetValue(_limit), line, cancel);
        return ExitCodes.Ok;
    }
}
