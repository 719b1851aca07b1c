using System.CommandLine;
using System.Text.Json;

namespace Skep.Client.Commands.Memory;

/// <summary><c>skep memory watch</c>: from the owner while there is one, else by looking at the database.</summary>
internal sealed class MemoryWatchCommand : Verb
{
    private readonly CliContext _cli;
    private readonly Argument<string?> _prefix = MemoryOptions.Prefix();
    private readonly Option<long?> _since = new("--since") { Description = "Begin after this revision; 0: with all changes that are remembered. Without it, now.", HelpName = "N" };
    private readonly Option<int?> _count = new("--count") { Description = "End after so many changes.", HelpName = "N" };
    private readonly Option<bool> _json = new("--json") { Description = "Write one line of JSON per change." };
    private readonly Option<string?> _dir = CommonOptions.Dir();

    public MemoryWatchCommand(CliContext cli)
        : base("watch", "Writes every change of the memory as it happens, until it is stopped.", "skep memory watch swarm", "skep memory watch --since 0 --count 10 --json")
    {
        _cli = cli;
        Add(_prefix);
        foreach (var option in new Option[] { _since, _count, _json, _dir }) Add(option);
        SetAction(WatchAsync);
    }

    private async Task<int> WatchAsync(ParseResult parsed, CancellationToken cancel)
    {
        if (parsed.GetValue(_count) < 1) throw new CliException(ExitCodes.Usage, "--count must be at least 1");
        var calls = MemoryCalls.In(_cli, parsed.GetValue(_dir));
        var watch = new Progress(_cli, parsed.GetValue(_json), parsed.GetValue(_since), parsed.GetValue(_count));
        MemoryArgs Args() => new() { Prefix = parsed.GetValue(_prefix), Since = watch.Since, Limit = watch.Left };
        // An owner may end in the middle: then it goes on where that was, in the database.
        if (!await calls.StreamFromOwnerAsync(MemoryOps.Watch, Args(), watch.Take, cancel) && watch.Left != 0)
            await calls.AskReaderAsync(MemoryOps.Watch, Args(), watch.Take, cancel);
        return ExitCodes.Ok;
    }

    /// <summary>What was seen so far.</summary>
    private sealed class Progress(CliContext cli, bool json, long? since, int? left)
    {
        public long? Since { get; private set; } = since;

        public int? Left { get; private set; } = left;

        public void Take(JsonElement element)
        {
            var change = element.Deserialize(MemoryJson.Default.MemoryChangeMessage)!;
            Since = change.Revision;
            if (change.Kind == MemoryFamily.Watching) return;
            cli.Out.WriteLine(json ? MemoryText.Json(change, MemoryJson.Default.MemoryChangeMessage) : MemoryText.Line(change));
            cli.Out.Flush();
            Left--;
        }
    }
}
