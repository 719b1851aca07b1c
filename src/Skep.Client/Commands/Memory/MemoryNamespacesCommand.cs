using System.CommandLine;

namespace Skep.Client.Commands.Memory;

/// <summary><c>skep memory namespaces</c>.</summary>
internal sealed class MemoryNamespacesCommand : Verb
{
    private const int Page = 500;

    private readonly CliContext _cli;
    private readonly Argument<string?> _prefix = MemoryOptions.Prefix();
    private readonly Option<bool> _json = new("--json") { Description = "Write one page of JSON per 500 namespaces." };
    private readonly Option<string?> _dir = CommonOptions.Dir();

    public MemoryNamespacesCommand(CliContext cli) : base("namespaces", "Lists the namespaces that have entries, sorted by name.", "skep memory namespaces", "skep memory namespaces swarm")
    {
        _cli = cli;
        Add(_prefix);
        foreach (var option in new Option[] { _json, _dir }) Add(option);
        SetAction(ListAsync);
    }

    private async Task<int> ListAsync(ParseResult parsed, CancellationToken cancel)
    {
        var calls = MemoryCalls.In(_cli, parsed.GetValue(_dir));
        var args = new MemoryArgs { Prefix = parsed.GetValue(_prefix), Limit = Page };
        do
        {
            var page = await calls.ReadAsync(MemoryOps.Namespaces, args, MemoryJson.Default.MemoryNamespacesMessage, cancel);
            if (parsed.GetValue(_json)) _cli.Out.WriteLine(MemoryText.Json(page, MemoryJson.Default.MemoryNamespacesMessage));
            else foreach (var space in page.Namespaces) _cli.Out.WriteLine($"{space.Name}  {space.Entries} {(space.Entries == 1 ? "entry" : "entries")}, {space.Bytes} bytes");
            args = args with { After = page.Next };
        }
        while (args.After is not null);
        return ExitCodes.Ok;
    }
}
