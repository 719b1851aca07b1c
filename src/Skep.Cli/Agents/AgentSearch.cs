using Skep.Agents.Specs;
using Skep.Cli.Plans;

namespace Skep.Cli.Agents;

/// <summary>Where this program looks for agents: the folders of the project and the user, and a plan if one is named.</summary>
internal static class AgentSearch
{
    /// <summary>Precedence of a plan's own agents: before all folders.</summary>
    private const int PlanRank = -1;

    /// <summary>The folders for a project; the one around the current directory unless another is named.</summary>
    public static IReadOnlyList<AgentFolder> Folders(CliContext cli, string? project = null)
    {
        var home = cli.Variable("HOME");
        return AgentFolder.Of(project is null ? AgentFolder.ProjectOf(cli.Directory, home) : cli.FullPath(project), home);
    }

    /// <summary>All agents. What could not be used is told on standard error.</summary>
    /// <exception cref="CliException">The project is no folder, or the plan is not valid.</exception>
    public static AgentCatalog Find(CliContext cli, string? project, string? plan)
    {
        if (project is not null && !Directory.Exists(cli.FullPath(project))) throw new CliException(ExitCodes.Usage, $"there is no directory '{project}' for --project");
        var own = plan is null ? [] : OfPlan(cli, PlanFile.Load(cli, plan));
        var found = AgentDiscovery.Find(Folders(cli, project));
        foreach (var problem in found.Problems) cli.Error.WriteLine($"warning: {PlainLine.Clean(problem)}");
        return AgentCatalog.Of([.. own, .. found.Entries], found.Problems);
    }

    /// <summary>The agent that a name means.</summary>
    /// <exception cref="CliException">There is none.</exception>
    public static AgentEntry Require(AgentCatalog catalog, string name)
    {
        try
        {
            return catalog.Require(name);
        }
        catch (AgentFileException e)
        {
            throw new CliException(ExitCodes.NotFound, e.Message);
        }
    }

    /// <summary>The agent files that a plan may use.</summary>
    public static IAgentFiles ForPlan(string planFolder, string workspace, string? home) =>
        new PlanAgentFiles(planFolder, workspace, AgentFolder.Of(AgentFolder.ProjectOf(planFolder, home), home));

    private static IEnumerable<AgentEntry> OfPlan(CliContext cli, PlanFile file) =>
        file.Plan.Agents.Select(a => new AgentEntry(a, Path.GetRelativePath(cli.Directory, file.Path), PlanRank));
}
