using System.CommandLine;
using Skep.Memory;

namespace Skep.Client.Commands.Memory;

/// <summary><c>skep memory export</c>: reads the database itself, so no owner is kept busy.</summary>
internal sealed class MemoryExportCommand : Verb
{
    private readonly CliContext _cli;
    private readonly Argument<string?> _prefix = MemoryOptions.Prefix();
    private readonly Option<string?> _output = new("--output", "--out", "-o") { Description = "Write into a file instead of standard output.", HelpName = "FILE" };
    private readonly Option<string?> _dir = CommonOptions.Dir();

    public MemoryExportCommand(CliContext cli)
        : base("export", "Writes entries as JSON, with versions and times; the same entries give the same bytes.", "skep memory export --output memory.json", "skep memory export swarm > swarm.json")
    {
        _cli = cli;
        Add(_prefix);
        foreach (var option in new Option[] { _output, _dir }) Add(option);
        SetAction((parsed, _) => ExportAsync(parsed));
    }

    private async Task<int> ExportAsync(ParseResult parsed)
    {
        await using var store = SqliteStore.OpenReader(Folders.Find(_cli, parsed.GetValue(_dir)));
        await using var memory = MemoryStore.OpenReader(store, _cli.Time);
        var prefix = parsed.GetValue(_prefix) ?? "";
        try
        {
            if (parsed.GetValue(_output) is { } file)
            {
                var entries = Files.Replace(_cli, file, stream => memory.Export(prefix, stream));
                _cli.Out.WriteLine($"exported {entries} {(entries == 1 ? "entry" : "entries")} to {file}");
            }
            else
            {
                Print(memory, prefix);
            }
        }
        catch (MemoryException e)
        {
            throw new CliException(ExitCodes.Usage, e.Message);
        }

        return ExitCodes.Ok;
    }

    /// <summary>Through a file: a reader who pages slowly must not keep a read of the database open.</summary>
    private void Print(MemoryStore memory, string prefix)
    {
        using var file = new FileStream(Path.GetTempFileName(), FileMode.Open, FileAccess.ReadWrite, FileShare.None, 64 * 1024, FileOptions.DeleteOnClose);
        memory.Export(prefix, file);
        file.Position = 0;
        _cli.Out.Flush();
        using var stream = _cli.OpenOut();
        file.CopyTo(stream);
        stream.Flush();
    }
}
