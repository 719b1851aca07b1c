namespace Skep.Orchestration.Output;

/// <summary>Masks names as well as values: a task may put a secret into either, and both are kept in the log.</summary>
internal static class MaskedResults
{
    /// <summary>Where masking makes two names the same, the last one wins.</summary>
    public static IReadOnlyDictionary<string, string> MaskOutputs(this SecretMasker masker, IReadOnlyDictionary<string, string> outputs)
    {
        var masked = new Dictionary<string, string>(outputs.Count, StringComparer.Ordinal);
        foreach (var (key, value) in outputs) masked[masker.MaskText(key)] = masker.MaskText(value);
        return masked;
    }

    public static IReadOnlyList<Artifact> MaskArtifacts(this SecretMasker masker, IReadOnlyList<Artifact> artifacts) =>
        [.. artifacts.Select(a => a with { Name = masker.MaskText(a.Name) })];
}
