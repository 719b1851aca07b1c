using System.CommandLine;

namespace Skep.Client.Commands.Memory;

/// <summary><c>skep memory reindex</c>.</summary>
internal sealed class MemoryReindexCommand : Verb
{
    private readonly CliContext _cli;
    private readonly Argument<string?> _namespace = new("NAMESPACE") { Description = "The namespace that gets the model or the settings, with those beneath it; all, unless given.", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string?> _model = new("--model") { Description = "hash:DIMENSIONS, PROVIDER/MODEL, or own:NAME:DIMENSIONS for vectors that you store with entries.", HelpName = "MODEL" };
    private readonly Option<string?> _codes = new("--codes") { Description = "How vectors stand in memory: full, bits7, bits4, bit1 or product; see docs/vectors.md.", HelpName = "CODES" };
    private readonly Option<string?> _metric = new("--metric") { Description = "cosine, or for vectors of your own l2 or dot.", HelpName = "METRIC" };
    private readonly Option<int?> _m = new("--m") { Description = "Links of a vector in the graph, 4 to 64.", HelpName = "N" };
    private readonly Option<int?> _ef = new("--ef") { Description = "Candidates that a search keeps at least, 1 to 10000: more find more, slower. Changes without a new index.", HelpName = "N" };
    private readonly Option<bool> _json = CommonOptions.Json();
    private readonly Option<string?> _dir = CommonOptions.Dir();

    public MemoryReindexCommand(CliContext cli)
        : base("reindex", "Makes the indexes anew from the entries, or moves a namespace to another model of vectors or other settings of its index.", "skep memory reindex", "skep memory reindex docs --model openai/text-embedding-3-small", "skep memory reindex docs --codes bit1 --m 32 --ef 200")
    {
        _cli = cli;
        Add(_namespace);
        foreach (var option in new Option[] { _model, _codes, _metric, _m, _ef, _json, _dir }) Add(option);
        SetAction(ReindexAsync);
    }

    private async Task<int> ReindexAsync(ParseResult parsed, CancellationToken cancel)
    {
        var args = new MemoryReindexArgs(parsed.GetValue(_namespace), parsed.GetValue(_model), parsed.GetValue(_codes), parsed.GetValue(_metric), parsed.GetValue(_m), parsed.GetValue(_ef));
        var done = await MemoryCalls.In(_cli, parsed.GetValue(_dir)).LongAsync(MemoryOps.Reindex, args, MemoryJson.Default.MemoryReindexArgs, MemoryJson.Default.MemoryReindexMessage, cancel);
        _cli.Out.WriteLine(parsed.GetValue(_json) ? MemoryText.Json(done, MemoryJson.Default.MemoryReindexMessage) : Line(done));
        return ExitCodes.Ok;
    }

    private static string Line(MemoryReindexMessage done)
    {
        if (done is { Model: null, Settings: null }) return $"indexed all entries; {done.Vectors} have vectors";
        var made = done.Model is { } model ? $"made by {model}" : null;
        var kept = done.Settings is { } settings ? $"indexed with {settings}" : null;
        return $"vectors of {(done.Namespace is { Length: > 0 } name ? name : "all namespaces without their own")} are {string.Join(" and ", new[] { made, kept }.Where(static w => w is not null))}; {done.Vectors} entries have vectors";
    }
}
