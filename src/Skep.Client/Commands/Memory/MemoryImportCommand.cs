using System.CommandLine;

namespace Skep.Client.Commands.Memory;

/// <summary><c>skep memory import</c>.</summary>
internal sealed class MemoryImportCommand : Verb
{
    private readonly CliContext _cli;
    private readonly Argument<string> _file = new("FILE") { Description = "JSON lines (.jsonl: path, and text, json or base64; tags, vector, …), comma-separated values (.csv: path,text,tags,…) or vectors (.npy, .fvecs)." };
    private readonly Option<string?> _format = new("--format") { Description = "jsonl, csv, npy or fvecs; by the file's name unless given.", HelpName = "FORMAT" };
    private readonly Option<string?> _into = new("--into", "-n") { Description = "A namespace to put the entries under.", HelpName = "NS" };
    private readonly Option<string?> _model = new("--vector-model") { Description = "What made the file's vectors: NAME:DIMENSIONS:unit, or :raw where they are not normalised.", HelpName = "MODEL" };
    private readonly Option<bool> _json = CommonOptions.Json();
    private readonly Option<string?> _dir = CommonOptions.Dir();

    public MemoryImportCommand(CliContext cli)
        : base("import", "Stores the entries of a file. All of it is checked first: a bad line stores nothing.", "skep memory import notes.jsonl --into notes", "skep memory import images.npy --into images --vector-model clip:512:raw")
    {
        _cli = cli;
        Add(_file);
        foreach (var option in new Option[] { _format, _into, _model, _json, _dir }) Add(option);
        SetAction(ImportAsync);
    }

    private async Task<int> ImportAsync(ParseResult parsed, CancellationToken cancel)
    {
        var file = parsed.GetValue(_file)!;
        Files.OpenToRead(_cli, file).Dispose(); // So that a wrong name is told as such.
        var args = new MemoryImportArgs(_cli.FullPath(file), parsed.GetValue(_format), parsed.GetValue(_into), parsed.GetValue(_model));
        var done = await MemoryCalls.InOrNew(_cli, parsed.GetValue(_dir)).LongAsync(MemoryOps.Import, args, MemoryJson.Default.MemoryImportArgs, MemoryJson.Default.MemoryImportMessage, cancel);
        _cli.Out.WriteLine(parsed.GetValue(_json) ? MemoryText.Json(done, MemoryJson.Default.MemoryImportMessage) : $"imported {done.Imported} {(done.Imported == 1 ? "entry" : "entries")} from {file}");
        return ExitCodes.Ok;
    }
}
