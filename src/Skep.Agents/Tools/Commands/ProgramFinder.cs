using Skep.Orchestration;
using Skep.Orchestration.Processes;

namespace Skep.Agents.Tools;

/// <summary>
/// Finds a program in PATH where no agent could have put it: not in a relative folder, not below a folder that agents write to, and not where everybody
/// may write.
/// </summary>
internal sealed class ProgramFinder
{
    private readonly IReadOnlyList<string> _folders;

    /// <param name="path">PATH.</param>
    /// <param name="attempt">Whose folders agents write to.</param>
    public ProgramFinder(string path, AttemptRequest attempt)
    {
        string[] own = [.. new[] { attempt.WorkingDirectory, attempt.Workspace, attempt.RunDirectory, attempt.SkepDirectory }.Select(f => UnixSystem.RealPath(f) ?? f)];
        _folders = [.. path.Split(':').Where(f => Path.IsPathRooted(f) && IsTrusted(f, own)).Distinct(StringComparer.Ordinal)];
        _isOwn = file => own.Any(o => IsWithin(file, o));
    }

    private readonly Func<string, bool> _isOwn;

    /// <summary>PATH without the folders that are not trusted: programs look there for further ones.</summary>
    public string SearchPath => string.Join(':', _folders);

    /// <summary>Absolute path of a program.</summary>
    /// <exception cref="ToolRefusal">There is none.</exception>
    public string Find(string program)
    {
        foreach (var folder in _folders)
        {
            var candidate = Path.Combine(folder, program);
            if (!File.Exists(candidate) || UnixSystem.RealPath(candidate) is not { } real || _isOwn(real) || IsOpenToAll(real)) continue;
            if (LibC.Access(candidate, LibC.ExecuteAccess) == 0) return candidate;
        }

        throw new ToolRefusal($"the program '{program}' is allowed but not installed where agents cannot write: looked in {(_folders.Count == 0 ? "no folder, PATH has none that is trusted" : SearchPath)}");
    }

    private static bool IsTrusted(string folder, string[] own) =>
        UnixSystem.RealPath(folder) is { } real && Directory.Exists(real) && !own.Any(o => IsWithin(real, o)) && !IsOpenToAll(real);

    private static bool IsWithin(string path, string folder) => folder != "/" && (path == folder || path.StartsWith(folder + "/", StringComparison.Ordinal));

    private static bool IsOpenToAll(string path) => !OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & UnixFileMode.OtherWrite) != UnixFileMode.None;
}
