using Skep.Plans.Reading.Yaml;
using Skep.Plans.Schema;

namespace Skep.Plans.Reading.Binding;

/// <summary>The keys of a team.</summary>
internal static class TeamKeys
{
    public static KeyTable<TeamDraft> Table { get; } = new(
        "team",
        "a team",
        "A named group of agents.",
        new("lead", "The agent that speaks for the team.", Shapes.Id, static (b, d, n) => d.Team = d.Team with { Lead = b.Text(n, "lead") }),
        new("members", "Agents in it.", Shapes.TextList, static (b, d, n) => d.Team = d.Team with { Members = b.LiteralList(n, "members") }, IsRequired: true),
        new("mission", "What the team is for.", Shapes.Text, static (b, d, n) => d.Team = d.Team with { Mission = b.Text(n, "mission") }));

    /// <summary>Reads the mapping of teams.</summary>
    public static IReadOnlyList<Team> ReadAll(Binder binder, YamlNode node)
    {
        var teams = new List<Team>();
        foreach (var (key, value) in binder.Map(node, "teams", "{ ID: [agent, agent] }") ?? [])
        {
            var draft = new TeamDraft(new Team(binder.Id(key, "teams") ?? "", null, [], null, key.Span));
            if (value is YamlSequence) draft.Team = draft.Team with { Members = binder.LiteralList(value, "members") };
            else Table.Bind(binder, value, draft);
            var members = value is YamlMapping mapping ? mapping.Find("members") : value;
            if (members is YamlSequence { Items.Count: 0 })
                binder.Error(DiagnosticCodes.NothingToDo, members.Span, $"team '{key.Value}' has no members; name at least one agent", key.Value);
            binder.Sources.Teams.Add(value);
            teams.Add(draft.Team);
        }

        return teams;
    }
}

/// <summary>A team while it is read.</summary>
internal sealed class TeamDraft(Team team)
{
    public Team Team { get; set; } = team;
}
