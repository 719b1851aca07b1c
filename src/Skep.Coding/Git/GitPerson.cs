namespace Skep.Coding.Git;

/// <summary>Who stands in a commit.</summary>
/// <param name="Name">Name.</param>
/// <param name="Mail">Address; need not exist.</param>
/// <param name="Date">Seconds and offset as git writes them, <c>1700000000 +0100</c>; null: the moment of the commit.</param>
internal sealed record GitPerson(string Name, string Mail, string? Date = null)
{
    /// <summary>The committer of what we commit.</summary>
    public static GitPerson Skep { get; } = new("skep", "skep@localhost");

    /// <summary>An agent as author. What git does not allow in a name becomes a blank.</summary>
    public static GitPerson Agent(string name)
    {
        var clean = string.Concat(name.Select(c => char.IsControl(c) || c is '<' or '>' ? ' ' : c)).Trim();
        return new GitPerson(clean.Length > 0 ? clean : "agent", "agent@skep.localhost");
    }

    /// <summary>This person as author (or ourselves), ourselves as committer, at this person's date.</summary>
    public Dictionary<string, string> AsEnvironment(string? committed)
    {
        var variables = new Dictionary<string, string>
        {
            ["GIT_AUTHOR_NAME"] = Name,
            ["GIT_AUTHOR_EMAIL"] = Mail,
            ["GIT_COMMITTER_NAME"] = Skep.Name,
            ["GIT_COMMITTER_EMAIL"] = Skep.Mail,
        };
        if (Date is not null) variables["GIT_AUTHOR_DATE"] = Date;
        if (committed is not null) variables["GIT_COMMITTER_DATE"] = committed;
        return variables;
    }
}
