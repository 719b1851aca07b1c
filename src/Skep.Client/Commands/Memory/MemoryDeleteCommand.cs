using System.CommandLine;

namespace Skep.Client.Commands.Memory;

/// <summary><c>skep memory delete</c>.</summary>
internal sealed class MemoryDeleteCommand : Verb
{
    private readonly CliContext _cli;
    private readonly Argument<string> _path = MemoryOptions.Path();
    private readonly Option<bool> _prefix = new("--prefix") { Description = "Delete the entry and all beneath it; NAME* all that begin so, * all there is." };
    private readonly Option<long?> _ifVersion = MemoryOptions.IfVersion("Delete only if the entry has this version. Otherwise exit with 8.");
    private readonly Option<string?> _namespace = MemoryOptions.Namespace();
    private readonly Option<bool> _json = CommonOptions.Json();
    private readonly Option<string?> _dir = CommonOptions.Dir();

    public MemoryDeleteCommand(CliContext cli)
        : base("delete", "Deletes an entry, or all beneath a name; exits with 1 when there is none.", "skep memory delete swarm/worker-1/status", "skep memory delete swarm/worker-1 --prefix")
    {
        _cli = cli;
        Add(_path);
        foreach (var option in new Option[] { _prefix, _ifVersion, _namespace, _json, _dir }) Add(option);
        SetAction(DeleteAsync);
    }

    private async Task<int> DeleteAsync(ParseResult parsed, CancellationToken cancel)
    {
        var (path, prefix) = (MemoryOptions.Join(parsed.GetValue(_namespace), parsed.GetValue(_path)!), parsed.GetValue(_prefix));
        var args = new MemoryArgs { Path = prefix ? null : path, Prefix = prefix ? path : null, IfVersion = parsed.GetValue(_ifVersion) };
        var deleted = await MemoryCalls.In(_cli, parsed.GetValue(_dir)).WriteAsync(MemoryOps.Delete, args, MemoryJson.Default.MemoryWriteMessage, cancel);
        if (parsed.GetValue(_json)) _cli.Out.WriteLine(MemoryText.Json(deleted, MemoryJson.Default.MemoryWriteMessage));
        else _cli.Out.WriteLine(prefix ? $"deleted {deleted.Deleted} {(deleted.Deleted == 1 ? "entry" : "entries")} of {deleted.Path}" : $"deleted {deleted.Path}, version {deleted.Version}");
        return deleted.Deleted > 0 ? ExitCodes.Ok : ExitCodes.NotFound;
    }
}
