using Skep.Models.Endpoints;

namespace Skep.Models.Prices;

/// <summary>What is known about a model.</summary>
/// <param name="Price">Its price; null: unknown, which is not the same as nothing.</param>
/// <param name="ContextTokens">Input and output that fit, in tokens; null: unknown.</param>
/// <param name="MaxOutputTokens">Longest answer in tokens; null: unknown.</param>
public sealed record ModelFacts(ModelPrice? Price, int? ContextTokens, int? MaxOutputTokens);

/// <summary>
/// Prices and sizes of models by their names: first the user's file, then the table that comes with the program. The longest pattern that fits wins in
/// each. A model that neither knows has no price, also when it runs on one's own machine.
/// </summary>
public sealed class PriceTable
{
    /// <summary>The user's file in the .skep folder.</summary>
    public const string FileName = "prices.json";

    private const string Resource = "Skep.Models.prices.json";
    private static readonly Lazy<(string AsOf, List<PricePattern> Patterns)> BuiltIn = new(ReadBuiltIn);
    private readonly List<PricePattern> _own;

    private PriceTable(string? ownAsOf, List<PricePattern> own) => (OwnAsOf, _own) = (ownAsOf, own);

    /// <summary>The day (yyyy-mm-dd) for which the table of the program was checked.</summary>
    public static string AsOf => BuiltIn.Value.AsOf;

    /// <summary>The day that the user's file names; null when it names none, or there is no file.</summary>
    public string? OwnAsOf { get; }

    /// <summary>The table of the program alone.</summary>
    public static PriceTable Default { get; } = new(null, []);

    /// <summary>The table with a user's file before it, if there is one.</summary>
    /// <param name="folder">The .skep folder.</param>
    /// <exception cref="ModelConfigurationException">The file is not as it should be.</exception>
    public static PriceTable Load(string folder)
    {
        var path = Path.Combine(folder, FileName);
        return SmallFile.Read(path) is { } bytes ? Parse(bytes, path) : Default;
    }

    /// <summary>What is known about a model; each fact from the first that knows it.</summary>
    /// <param name="provider">The provider's name.</param>
    /// <param name="model">The model's name at the provider.</param>
    public ModelFacts Find(string provider, string model)
    {
        var own = Best(_own, provider, model);
        var known = Best(BuiltIn.Value.Patterns, provider, model);
        return new(own?.Price ?? known?.Price, own?.ContextTokens ?? known?.ContextTokens, own?.MaxOutputTokens ?? known?.MaxOutputTokens);
    }

    internal static PriceTable Parse(ReadOnlyMemory<byte> json, string path)
    {
        var (asOf, patterns) = PriceFile.Parse(json, path);
        return new(asOf, patterns);
    }

    private static ModelFacts? Best(List<PricePattern> patterns, string provider, string model)
    {
        PricePattern? best = null;
        foreach (var pattern in patterns)
            if (pattern.Fits(provider, model) && (best is null || pattern.Text.Length > best.Text.Length)) best = pattern;
        return best?.Facts;
    }

    private static (string, List<PricePattern>) ReadBuiltIn()
    {
        using var stream = typeof(PriceTable).Assembly.GetManifestResourceStream(Resource)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        var (asOf, patterns) = PriceFile.Parse(bytes, FileName);
        return (asOf!, patterns);
    }
}
