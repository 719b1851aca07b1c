using Skep.Orchestration.Output;

namespace Skep.Orchestration.Commands;

/// <summary>Makes the masker for an attempt from the host's environment.</summary>
internal static class SecretValues
{
    /// <summary>
    /// The masker, also of <paramref name="keys"/>, which are passed to nobody; or, for a secret that is too short to be masked, an error. A secret that is not set or empty needs no masking.
    /// </summary>
    public static (SecretMasker Masker, string? Error) Read(AttemptRequest request, IReadOnlyDictionary<string, string> host, IEnumerable<string>? keys = null)
    {
        var values = keys?.Where(k => k.Length >= SecretMasker.MinLength).ToList() ?? [];
        if (request.Secrets.Count + values.Count == 0) return (SecretMasker.None, null);
        foreach (var name in request.Secrets)
        {
            var value = host.GetValueOrDefault(name, "");
            if (value.Length is > 0 and < SecretMasker.MinLength)
                return (SecretMasker.None, $"the secret '{name}' is shorter than {SecretMasker.MinLength} characters and cannot be masked in logs: use a longer value, or list '{name}' in 'env_allow' if it is no secret");
            if (value.Length > 0) values.Add(value);
        }

        return (new SecretMasker(values), null);
    }
}
