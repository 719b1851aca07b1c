using Skep.Plans;

namespace Skep.Agents.Specs;

/// <summary>Bounds of the search for agent files.</summary>
public sealed record AgentDiscoveryLimits
{
    /// <summary>The defaults.</summary>
    public static AgentDiscoveryLimits Default { get; } = new();

    /// <summary>Most agent files that are read.</summary>
    public int MaxFiles { get; init; } = 2_000;

    /// <summary>Most entries of folders that are looked at.</summary>
    public int MaxEntries { get; init; } = 20_000;

    /// <summary>Deepest folder below one of the folders.</summary>
    public int MaxDepth { get; init; } = 6;
}

/// <summary>
/// Looks for agent files (<c>*.md</c> with front matter) in folders and what lies below them. A Markdown file without front matter is text about
/// agents, not one, and is passed over. Links that lead out of a folder, and links to folders, are refused and reported.
/// </summary>
public sealed class AgentDiscovery
{
    private readonly AgentDiscoveryLimits _limits;
    private readonly List<AgentEntry> _entries = [];
    private readonly List<string> _problems = [];
    private int _files;
    private int _seen;

    private AgentDiscovery(AgentDiscoveryLimits limits) => _limits = limits;

    /// <summary>Finds the agents of folders, the nearest first. What cannot be read is a problem of the catalog, never an exception.</summary>
    public static AgentCatalog Find(IReadOnlyList<AgentFolder> folders, AgentDiscoveryLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(folders);
        var search = new AgentDiscovery(limits ?? AgentDiscoveryLimits.Default);
        for (var rank = 0; rank < folders.Count; rank++) search.Look(folders[rank], rank);
        return AgentCatalog.Of(search._entries, search._problems);
    }

    private void Look(AgentFolder folder, int rank)
    {
        try
        {
            if (RealPath.Of(folder.Path) is not { } real || !Directory.Exists(real)) return;
            if (folder.Within is { } within && !(RealPath.Of(within) is { } root && RealPath.IsWithin(real, root)))
                _problems.Add($"the folder {folder.Shown} is a link out of the project (to '{real}') and is not looked into; copy the agents into the project");
            else Walk(folder, rank, real, folder.Shown, 0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _problems.Add($"the folder {folder.Shown} cannot be read: {e.Message}");
        }
    }

    private void Walk(AgentFolder folder, int rank, string path, string shown, int depth)
    {
        foreach (var entry in new DirectoryInfo(path).EnumerateFileSystemInfos().Take(_limits.MaxEntries + 1).OrderBy(e => e.Name, StringComparer.Ordinal))
        {
            if (++_seen > _limits.MaxEntries)
            {
                if (_seen == _limits.MaxEntries + 1) _problems.Add($"the folders of agents have more than {_limits.MaxEntries:N0} entries; what follows {shown} is not looked at");
                return;
            }

            var name = $"{shown}/{entry.Name}";
            var isLink = entry.LinkTarget is not null;
            if (Directory.Exists(entry.FullName))
            {
                if (isLink) _problems.Add($"{name} is a link to a folder and is not looked into; put the agents there themselves");
                else if (depth >= _limits.MaxDepth) _problems.Add($"{name} lies more than {_limits.MaxDepth} folders deep and is not looked into");
                else Walk(folder, rank, entry.FullName, name, depth + 1);
            }
            else if (entry.Name.EndsWith(".md", StringComparison.OrdinalIgnoreCase)) Add(folder, rank, entry.FullName, name);
        }
    }

    private void Add(AgentFolder folder, int rank, string path, string shown)
    {
        if (++_files > _limits.MaxFiles)
        {
            if (_files == _limits.MaxFiles + 1) _problems.Add($"there are more than {_limits.MaxFiles:N0} agent files; {shown} and what follows is not read");
            return;
        }

        try
        {
            var text = AgentFileStore.Read(path, shown, [folder.Path]);
            if (!AgentFileReader.HasFrontMatter(text.Text)) return;
            var result = AgentFileReader.Read(text.Text, shown);
            if (result.File is { } file) _entries.Add(new AgentEntry(file.Spec, shown, rank) { File = file, Path = path, Diagnostics = result.Diagnostics });
            else _problems.Add($"{result.Diagnostics.First(d => d.Severity == Severity.Error).Format(shown)}");
        }
        catch (AgentFileException e)
        {
            _problems.Add(e.Message);
        }
    }
}
