using System.CommandLine;

namespace Skep.Client.Commands.Memory;

/// <summary><c>skep memory restore</c>.</summary>
internal sealed class MemoryRestoreCommand : Verb
{
    private readonly CliContext _cli;
    private readonly Argument<string> _file = new("FILE") { Description = "A file that 'skep memory export' wrote; - reads standard input." };
    private readonly Option<bool> _merge = new("--merge") { Description = "Entries may be there already: of two of the same name the one that was written later stays." };
    private readonly Option<bool> _overwrite = new("--overwrite") { Description = "Entries may be there already: those of the file replace them." };
    private readonly Option<bool> _json = CommonOptions.Json();
    private readonly Option<string?> _dir = CommonOptions.Dir();

    public MemoryRestoreCommand(CliContext cli)
        : base("restore", "Brings exported entries back, with versions and times: all of them, or none.", "skep memory restore memory.json", "skep memory restore swarm.json --merge")
    {
        _cli = cli;
        Add(_file);
        foreach (var option in new Option[] { _merge, _overwrite, _json, _dir }) Add(option);
        SetAction(RestoreAsync);
    }

    private async Task<int> RestoreAsync(ParseResult parsed, CancellationToken cancel)
    {
        var (file, merge, overwrite) = (parsed.GetValue(_file)!, parsed.GetValue(_merge), parsed.GetValue(_overwrite));
        if (merge && overwrite) throw new CliException(ExitCodes.Usage, "give --merge or --overwrite, not both");
        using var copy = file == "-" ? CopyOfInput() : null;
        if (copy is null) Files.OpenToRead(_cli, file).Dispose(); // So that a wrong name is told as such.
        var args = new MemoryArgs { File = copy?.Name ?? _cli.FullPath(file), Mode = overwrite ? "overwrite" : merge ? "newer" : "empty" };
        var done = await MemoryCalls.InOrNew(_cli, parsed.GetValue(_dir)).WriteAsync(MemoryOps.Restore, args, MemoryJson.Default.MemoryRestoreMessage, cancel);
        _cli.Out.WriteLine(parsed.GetValue(_json) ? MemoryText.Json(done, MemoryJson.Default.MemoryRestoreMessage) : Line(done));
        return ExitCodes.Ok;
    }

    /// <summary>The owner of the folder is another process and cannot read our input.</summary>
    private FileStream CopyOfInput()
    {
        var copy = new FileStream(Path.GetTempFileName(), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, 64 * 1024, FileOptions.DeleteOnClose);
        using var input = _cli.OpenIn();
        input.CopyTo(copy);
        copy.Flush();
        return copy;
    }

    private static string Line(MemoryRestoreMessage done) =>
        $"restored {done.Restored} {(done.Restored == 1 ? "entry" : "entries")}{(done.Kept > 0 ? $", kept {done.Kept} that are newer" : "")}{(done.Expired > 0 ? $", left out {done.Expired} that have expired" : "")}";
}
