using System.Globalization;

namespace Skep.Client;

/// <summary>Ids of new runs: <c>plan-20261121-083000-k3xq</c>. They sort by time and say what they are of.</summary>
internal static class RunIds
{
    /// <summary>Random characters at the end (base 32: about a million).</summary>
    public const int SuffixLength = 4;

    /// <summary>Makes an id; a long plan name is cut so that the id stays within <see cref="RunRequest.MaxRunIdLength"/>.</summary>
    public static string Make(string plan, DateTimeOffset now, string suffix)
    {
        var tail = string.Create(CultureInfo.InvariantCulture, $"-{now.UtcDateTime:yyyyMMdd-HHmmss}-{suffix}");
        var name = string.Concat(plan.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' ? c : '-')).TrimStart('-');
        if (name.Length == 0) name = "run";
        return name[..Math.Min(name.Length, RunRequest.MaxRunIdLength - tail.Length)] + tail;
    }
}
