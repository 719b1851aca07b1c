using System.CommandLine;

namespace Skep.Client.Commands.Memory;

/// <summary><c>skep memory reindex</c>.</summary>
internal sealed class MemoryReindexCommand : Verb
{
    private readonly CliContext _cli;
    private readonly Argument<string?> _namespace = new("NAMESPACE") { Description = "The namespace that gets the model of --model, with those beneath it; all, unless given.", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string?> _model = new("--model") { Description = "hash:DIMENSIONS, PROVIDER/MODEL, or own:NAME:DIMENSIONS for vectors that you store with entries.", HelpName = "MODEL" };
    private readonly Option<bool> _json = CommonOptions.Json();
    private readonly Option<string?> _dir = CommonOptions.Dir();

    public MemoryReindexCommand(CliContext cli)
        : base("reindex", "Makes the indexes anew from the entries, or moves a namespace to another model of vectors.", "skep memory reindex", "skep memory reindex notes --model hash:1024", "skep memory reindex docs --model openai/text-embedding-3-small")
    {
        _cli = cli;
        Add(_namespace);
        foreach (var option in new Option[] { _model, _json, _dir }) Add(option);
        SetAction(ReindexAsync);
    }

    private async Task<int> ReindexAsync(ParseResult parsed, CancellationToken cancel)
    {
        var args = new MemoryReindexArgs(parsed.GetValue(_namespace), parsed.GetValue(_model));
        var done = await MemoryCalls.In(_cli, parsed.GetValue(_dir)).LongAsync(MemoryOps.Reindex, args, MemoryJson.Default.MemoryReindexArgs, MemoryJson.Default.MemoryReindexMessage, cancel);
        _cli.Out.WriteLine(parsed.GetValue(_json) ? MemoryText.Json(done, MemoryJson.Default.MemoryReindexMessage) : Line(done));
        return ExitCodes.Ok;
    }

    private static string Line(MemoryReindexMessage done) => done.Model is null
        ? $"indexed all entries; {done.Vectors} have vectors"
        : $"vectors of {(done.Namespace is { Length: > 0 } name ? name : "all namespaces without a model of their own")} are made by {done.Model}; {done.Vectors} entries have vectors";
}
