using Skep.Plans;

namespace Skep.Agents.Specs;

/// <summary>
/// The agent files that a plan may use: by a path relative to the plan's folder that stays in that folder or in the workspace, or by a name
/// (<c>researcher</c>, <c>researcher@1</c>) that is looked up in the folders of the project and the user.
/// </summary>
/// <param name="planFolder">Folder of the plan.</param>
/// <param name="workspace">Folder in which the plan's tasks work.</param>
/// <param name="folders">Where names are looked up, the nearest first.</param>
public sealed class PlanAgentFiles(string planFolder, string workspace, IReadOnlyList<AgentFolder> folders) : IAgentFiles
{
    private readonly Lazy<AgentCatalog> _catalog = new(() => AgentDiscovery.Find(folders));

    /// <inheritdoc />
    public AgentFileText Open(string reference)
    {
        ArgumentNullException.ThrowIfNull(reference);
        if (reference.Length == 0) throw new AgentFileException("'from' is empty; name a file such as agents/researcher.md, or an agent such as researcher");
        return IsPath(reference) ? OfPath(reference) : OfName(reference);
    }

    private static bool IsPath(string reference) => reference.Contains('/', StringComparison.Ordinal) || reference.EndsWith(".md", StringComparison.OrdinalIgnoreCase);

    private AgentFileText OfPath(string reference)
    {
        if (reference[0] is '/' or '~') throw new AgentFileException($"the agent file '{reference}' must be named relative to the plan; files elsewhere are used by their agent's name");
        var path = Path.GetFullPath(reference, planFolder);
        var shown = Path.GetRelativePath(planFolder, path);
        if (!RealPath.IsWithin(path, Path.GetFullPath(planFolder)) && !RealPath.IsWithin(path, Path.GetFullPath(workspace)))
            throw new AgentFileException($"the agent file '{reference}' lies outside the plan's folder and the workspace; copy it there, or use an agent by its name");
        if (!File.Exists(path)) throw new AgentFileException($"there is no agent file '{reference}' in '{planFolder}'{Near(path)}");
        return AgentFileStore.Read(path, shown, [planFolder, workspace]);
    }

    private AgentFileText OfName(string reference) =>
        _catalog.Value.Require(reference).File is { } file ? new AgentFileText(file.Path, file.Text) : throw new AgentFileException($"the agent '{reference}' has no file");

    private static string Near(string path)
    {
        var folder = Path.GetDirectoryName(path)!;
        if (!Directory.Exists(folder)) return "; that folder does not exist";
        var names = Directory.EnumerateFiles(folder, "*.md").Take(100).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal).ToList();
        return "; " + Suggestion.Hint(Path.GetFileName(path), names, "Markdown files there");
    }
}
