using Skep.Orchestration.Hooks;
using Skep.Storage;

namespace Skep.Orchestration.Coordination;

/// <summary>To whom a message goes.</summary>
internal static class Recipients
{
    /// <summary>Everybody who was heard of, or works at this moment.</summary>
    public const string All = "all";

    /// <summary>Names from a list with commas; empty for everybody.</summary>
    /// <exception cref="RequestException">A name cannot be one, or there are too many.</exception>
    public static IReadOnlyList<string> Parse(string? list)
    {
        var names = (list ?? All).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(n => Names.Require(n, "recipient")).Distinct(StringComparer.Ordinal).ToList();
        if (names.Count > LedgerLimits.MaxRecipients) throw new RequestException(RequestCodes.TooLarge, $"{names.Count} recipients are named; at most {LedgerLimits.MaxRecipients} can be: send to '{All}'");
        return names.Count == 0 || names.Contains(All, StringComparer.OrdinalIgnoreCase) ? [] : names;
    }

    /// <summary>The names, or everybody but the sender.</summary>
    public static IReadOnlyCollection<string> Resolve(SqlSession sql, HookLedger ledger, IReadOnlyList<string> named, string except)
    {
        if (named.Count > 0) return named;
        var everybody = new SortedSet<string>(FactReader.Agents(sql, ledger.Limits.MaxAgents).Select(a => a.Name), StringComparer.Ordinal);
        everybody.UnionWith(ledger.Live.Tasks.Select(t => t.Agent));
        everybody.Remove(except);
        return everybody;
    }
}
