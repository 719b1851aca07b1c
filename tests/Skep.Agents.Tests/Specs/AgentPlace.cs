using Skep.Agents.Specs;
using Skep.Plans;

namespace Skep.Agents.Tests.Specs;

/// <summary>A project and a home with agent files, in a folder that goes away.</summary>
internal sealed class AgentPlace : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("skep-agents-").FullName;

    public AgentPlace()
    {
        Directory.CreateDirectory(Project);
        Directory.CreateDirectory(Home);
    }

    public string Project => Path.Combine(_root, "project");

    public string Home => Path.Combine(_root, "home");

    public string Outside => Path.Combine(_root, "outside");

    public IReadOnlyList<AgentFolder> Folders => AgentFolder.Of(Project, Home);

    /// <summary>Writes a file; a path below the project unless it is rooted.</summary>
    public string File(string path, string text)
    {
        var full = Path.GetFullPath(path, Project);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        System.IO.File.WriteAllText(full, text);
        return full;
    }

    /// <summary>Writes an agent.</summary>
    public string Agent(string path, string name, string? version = null, string role = "Does things", string capabilities = "") =>
        File(path, $"---\nname: {name}\n{(version is null ? "" : $"version: \"{version}\"\n")}description: {role}\ncapabilities: [{capabilities}]\ntools: [read_file]\n---\nYou are {name}.\n");

    public AgentCatalog Find(AgentDiscoveryLimits? limits = null) => AgentDiscovery.Find(Folders, limits);

    public PlanAgentFiles ForPlan(string folder = ".") => new(Path.GetFullPath(folder, Project), Project, Folders);

    public void Dispose() => Directory.Delete(_root, recursive: true);

    /// <summary>A spec for matching.</summary>
    public static AgentSpec Spec(string id, string role, params string[] capabilities) => new() { Id = id, Role = role, Capabilities = capabilities };
}
