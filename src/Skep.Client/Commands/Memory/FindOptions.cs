using System.CommandLine;
using System.Globalization;

namespace Skep.Client.Commands.Memory;

/// <summary>What <c>search</c> and <c>explain</c> share: how to say what to find.</summary>
internal sealed class FindOptions(CliContext cli)
{
    private readonly Argument<string[]> _text = new("TEXT") { Description = "Words to find; an entry need not have all of them.", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<string?> _filter = new("--filter") { Description = "Only entries for which this holds, such as 'tags has \"urgent\" and updated > 2026-01-31'; see docs/filters.md.", HelpName = "CONDITION" };
    private readonly Option<string?> _prefix = new("--prefix", "--namespace", "-n") { Description = "Only among these entries, as in 'skep memory list'.", HelpName = "PREFIX" };
    private readonly Option<string?> _vector = new("--vector") { Description = "Find neighbours of this vector: a JSON array of numbers, or @FILE with one.", HelpName = "NUMBERS" };
    private readonly Option<string?> _vectorModel = new("--vector-model") { Description = "What made the vector, as NAME:DIMENSIONS:unit or :raw; the namespace's model unless given.", HelpName = "MODEL" };
    private readonly Option<string?> _mode = new("--mode") { Description = "By words (text), by nearness (vector), by both (hybrid); auto unless given.", HelpName = "MODE" };
    private readonly Option<double?> _textWeight = new("--text-weight") { Description = "How much words count; 3 unless given.", HelpName = "N" };
    private readonly Option<double?> _vectorWeight = new("--vector-weight") { Description = "How much vectors count; 1 unless given.", HelpName = "N" };
    private readonly Option<double?> _lambda = new("--lambda") { Description = "Choose entries unlike each other: 1 for relevance alone, 0 for variety alone.", HelpName = "N" };
    private readonly Option<string?> _halfLife = new("--half-life") { Description = "Mark old entries down: after this time, such as 7d, one counts half.", HelpName = "TIME" };
    private readonly Option<string[]> _weigh = new("--weigh") { Description = "How much a namespace counts, such as notes=2; may be given several times.", HelpName = "NS=N" };

    /// <summary>Most entries.</summary>
    public Option<int?> Limit { get; } = new("--limit", "-k") { Description = "Most entries that are written; 10 unless given (all, with --contains or --glob).", HelpName = "N" };

    public void AddTo(Verb verb)
    {
        verb.Add(_text);
        foreach (var option in new Option[] { _filter, _prefix, Limit, _mode, _vector, _vectorModel, _textWeight, _vectorWeight, _lambda, _halfLife, _weigh }) verb.Add(option);
    }

    public string? Text(ParseResult parsed) => parsed.GetValue(_text) is { Length: > 0 } words ? string.Join(' ', words) : null;

    public string? Prefix(ParseResult parsed) => parsed.GetValue(_prefix);

    public MemoryFindArgs Read(ParseResult parsed) => new()
    {
        Text = Text(parsed),
        Filter = parsed.GetValue(_filter),
        Prefix = Prefix(parsed),
        Limit = parsed.GetValue(Limit),
        Mode = parsed.GetValue(_mode),
        Vector = parsed.GetValue(_vector) is { } vector ? VectorText.Parse(cli, vector) : null,
        VectorModel = parsed.GetValue(_vectorModel),
        TextWeight = parsed.GetValue(_textWeight),
        VectorWeight = parsed.GetValue(_vectorWeight),
        Lambda = parsed.GetValue(_lambda),
        HalfLifeMs = parsed.GetValue(_halfLife) is { } half ? TtlText.Parse(half) : null,
        NamespaceWeights = parsed.GetValue(_weigh) is { Length: > 0 } weights ? weights.Select(Weight).DistinctBy(static w => w.Key).ToDictionary() : null,
    };

    private static KeyValuePair<string, double> Weight(string given)
    {
        var at = given.LastIndexOf('=');
        return at > 0 && double.TryParse(given.AsSpan(at + 1), NumberStyles.Float, CultureInfo.InvariantCulture, out var weight)
            ? new(given[..at], weight)
            : throw new CliException(ExitCodes.Usage, $"'{given}' does not weigh a namespace: write NAMESPACE=NUMBER");
    }
}
