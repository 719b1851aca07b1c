namespace Skep.Models.Endpoints;

/// <summary>Knows what looks like a key where none may be.</summary>
internal static class KeyLike
{
    private static readonly HashSet<string> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        "key", "apikey", "accesskey", "secretkey", "xapikey", "token", "apitoken", "accesstoken", "authtoken", "bearer", "bearertoken", "secret", "apisecret", "clientsecret",
        "password", "passwd", "pwd", "auth", "authorization", "proxyauthorization", "cookie", "credential", "credentials",
    };

    private static readonly string[] Prefixes = ["sk-", "sk_", "Bearer ", "ghp_", "hf_", "gsk_", "AIza", "xai-"];

    /// <summary>Whether a member, header or parameter of this name would hold a key.</summary>
    public static bool IsName(string name) => Names.Contains(name.Replace("-", "").Replace("_", ""));

    /// <summary>Whether a text begins as keys do.</summary>
    public static bool IsValue(string value) => Prefixes.Any(p => value.StartsWith(p, StringComparison.Ordinal));
}
