namespace Skep.Client.Commands.Memory;

/// <summary>Writes entries page by page, so that a long list needs no room.</summary>
internal static class EntryPages
{
    private const int Page = 500;

    /// <summary>Writes all entries that a request finds, or so many.</summary>
    /// <returns>How many.</returns>
    public static async Task<long> WriteAsync(CliContext cli, MemoryCalls calls, string op, MemoryArgs args, int? limit, Func<MemoryEntryMessage, string> line, CancellationToken cancel)
    {
        if (limit < 1) throw new CliException(ExitCodes.Usage, "--limit must be at least 1");
        long written = 0;
        do
        {
            var most = limit is { } all ? (int)Math.Min(Page, all - written) : Page;
            var page = await calls.ReadAsync(op, args with { Limit = most }, MemoryJson.Default.MemoryPageMessage, cancel);
            foreach (var entry in page.Entries) cli.Out.WriteLine(line(entry));
            written += page.Entries.Count;
            args = args with { After = page.Next };
        }
        while (args.After is not null && written < (limit ?? long.MaxValue));
        return written;
    }
}
