using Skep.Plans;

namespace Skep.Orchestration;

/// <summary>What votes amount to: pure functions over a gate's rule and the votes cast so far.</summary>
public static class Approvals
{
    /// <summary>True when enough roles approved, false when that has become impossible, null while votes are awaited.</summary>
    public static bool? Verdict(ApprovalCheck rule, IReadOnlyList<GateVote> votes)
    {
        ArgumentNullException.ThrowIfNull(rule);
        ArgumentNullException.ThrowIfNull(votes);
        var approved = votes.Count(v => v.Approved);
        if (approved >= rule.AtLeast) return true;
        return rule.Roles.Count - (votes.Count - approved) < rule.AtLeast ? false : null;
    }

    /// <summary>Roles that have not voted.</summary>
    public static IReadOnlyList<string> Awaited(ApprovalCheck rule, IReadOnlyList<GateVote> votes)
    {
        ArgumentNullException.ThrowIfNull(rule);
        return [.. rule.Roles.Where(r => votes.All(v => v.Role != r))];
    }

    /// <summary>Why a vote cannot count, or null when it does.</summary>
    public static string? Problem(ApprovalCheck rule, IReadOnlyList<GateVote> votes, CastVote vote)
    {
        ArgumentNullException.ThrowIfNull(rule);
        ArgumentNullException.ThrowIfNull(vote);
        if (!rule.Roles.Contains(vote.Role)) return $"'{Text.Shorten(vote.Role, 64)}' has no vote at this gate; the roles are {string.Join(", ", rule.Roles)}";
        if (votes.FirstOrDefault(v => v.Role == vote.Role) is { } cast)
            return $"{vote.Role} has voted already: {cast.By} {Word(cast)} at {cast.At.ToUniversalTime():yyyy-MM-dd HH:mm:ss} UTC; a vote is final, 'skep retry' asks everybody anew";
        if (!rule.SamePerson && votes.FirstOrDefault(v => SamePerson(v.By, vote.By)) is { } other)
            return $"{vote.By} has voted already, as {other.Role}; the gate wants different people (same_person: true in the plan would allow it)";
        return null;
    }

    /// <summary>The votes in words: <c>2 of 3 roles approved (2 needed): architect (ann), security (bob: looks fine)</c>.</summary>
    public static string Evidence(ApprovalCheck rule, IReadOnlyList<GateVote> votes)
    {
        ArgumentNullException.ThrowIfNull(rule);
        var approved = votes.Count(v => v.Approved);
        var parts = new List<string> { $"{approved} of {rule.Roles.Count} {(rule.Roles.Count == 1 ? "role" : "roles")} approved ({rule.AtLeast} needed)" };
        if (approved > 0) parts.Add("approved: " + Names(votes, approved: true));
        if (approved < votes.Count) parts.Add("rejected: " + Names(votes, approved: false));
        if (Awaited(rule, votes) is { Count: > 0 } awaited) parts.Add("not heard: " + string.Join(", ", awaited));
        return string.Join("; ", parts);
    }

    /// <summary>Who is awaited, in words: <c>1 of 2 approvals; awaited: security, ops</c>.</summary>
    public static string Waiting(ApprovalCheck rule, IReadOnlyList<GateVote> votes)
    {
        ArgumentNullException.ThrowIfNull(rule);
        return $"{votes.Count(v => v.Approved)} of {rule.AtLeast} approvals; awaited: {string.Join(", ", Awaited(rule, votes))}";
    }

    private static string Names(IReadOnlyList<GateVote> votes, bool approved) =>
        string.Join(", ", votes.Where(v => v.Approved == approved).Select(v => $"{v.Role} ({v.By}{(v.Text.Length > 0 ? ": " + Text.Shorten(v.Text, 200) : "")})"));

    private static string Word(GateVote vote) => vote.Approved ? "approved" : "rejected";

    private static bool SamePerson(string a, string b) => string.Equals(a.Trim(), b.Trim(), StringComparison.OrdinalIgnoreCase);
}
