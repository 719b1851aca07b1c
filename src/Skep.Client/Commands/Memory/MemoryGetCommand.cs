using System.CommandLine;
using System.Text;

namespace Skep.Client.Commands.Memory;

/// <summary><c>skep memory get</c>.</summary>
internal sealed class MemoryGetCommand : Verb
{
    private readonly CliContext _cli;
    private readonly Argument<string> _path = MemoryOptions.Path();
    private readonly Option<bool> _json = new("--json") { Description = "Write the whole entry as JSON." };
    private readonly Option<bool> _raw = new("--raw") { Description = "Write the value's bytes and nothing else, no line end either." };
    private readonly Option<string?> _default = new("--default") { Description = "What to write when there is no such entry, instead of exiting with 1.", HelpName = "VALUE" };
    private readonly Option<string?> _namespace = MemoryOptions.Namespace();
    private readonly Option<string?> _dir = CommonOptions.Dir();

    public MemoryGetCommand(CliContext cli)
        : base("get", "Writes the value of an entry; exits with 1 when there is none.", "skep memory get swarm/worker-1/status", "skep memory get counter --default 0", "skep memory get model/weights --raw > weights.bin")
    {
        _cli = cli;
        Add(_path);
        foreach (var option in new Option[] { _json, _raw, _default, _namespace, _dir }) Add(option);
        SetAction(GetAsync);
    }

    private async Task<int> GetAsync(ParseResult parsed, CancellationToken cancel)
    {
        var path = MemoryOptions.Join(parsed.GetValue(_namespace), parsed.GetValue(_path)!);
        try
        {
            var entry = await MemoryCalls.In(_cli, parsed.GetValue(_dir)).ReadAsync(MemoryOps.Get, new MemoryArgs { Path = path }, MemoryJson.Default.MemoryEntryMessage, cancel);
            if (parsed.GetValue(_json)) _cli.Out.WriteLine(MemoryText.Json(entry, MemoryJson.Default.MemoryEntryMessage));
            else if (parsed.GetValue(_raw)) WriteBytes(MemoryText.Bytes(entry));
            else _cli.Out.WriteLine(entry.Type == "application/octet-stream" ? entry.Base64 : Encoding.UTF8.GetString(MemoryText.Bytes(entry)));
        }
        catch (CliException e) when (e.ExitCode == ExitCodes.NotFound && parsed.GetValue(_default) is not null)
        {
            if (parsed.GetValue(_raw)) WriteBytes(Encoding.UTF8.GetBytes(parsed.GetValue(_default)!));
            else _cli.Out.WriteLine(parsed.GetValue(_default));
        }

        return ExitCodes.Ok;
    }

    private void WriteBytes(byte[] bytes)
    {
        _cli.Out.Flush();
        using var stream = _cli.OpenOut();
        stream.Write(bytes);
        stream.Flush();
    }
}
