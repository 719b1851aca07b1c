namespace Skep.Plans;

/// <summary>Votes of named roles.</summary>
/// <param name="Roles">The roles; each has one vote.</param>
/// <param name="AtLeast">How many of them must say yes.</param>
/// <param name="Ask">What is asked, or null; may hold expressions.</param>
/// <param name="SamePerson">Whether one person may vote for several roles.</param>
public sealed record ApprovalCheck(IReadOnlyList<string> Roles, int AtLeast, string? Ask, bool SamePerson)
{
    /// <summary>Most roles of one gate.</summary>
    public const int MaxRoles = 50;

    /// <summary>The check as people say it.</summary>
    public override string ToString() =>
        AtLeast == Roles.Count ? $"approval by {string.Join(", ", Roles)}" : $"{AtLeast} approvals of {string.Join(", ", Roles)}";
}
