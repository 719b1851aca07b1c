using Skep.Orchestration.Processes;

namespace Skep.Orchestration.Benchmarking;

/// <summary>Where a baseline is kept: by name in the <c>.skep</c> folder, or in a file of the project.</summary>
internal sealed class BaselineFile
{
    /// <summary>Folder of named baselines.</summary>
    public const string Folder = "baselines";

    private BaselineFile(string shown, string path, bool isThere) => (Shown, Path, IsThere) = (shown, path, isThere);

    /// <summary>What people call it.</summary>
    public string Shown { get; }

    /// <summary>Absolute path.</summary>
    public string Path { get; }

    /// <summary>Whether there is one.</summary>
    public bool IsThere { get; }

    /// <exception cref="FormatException">The name or path may not be used.</exception>
    public static BaselineFile Of(AttemptRequest request, string baseline, CancellationToken cancel)
    {
        if (!baseline.EndsWith(".json", StringComparison.Ordinal)) return Named(request, baseline);
        if (baseline.AsSpan().IndexOfAny('*', '?') >= 0) throw new FormatException($"'{baseline}' is a glob; a baseline is one file");
        if (new GateFiles(request, cancel).Find(baseline) is [var file]) return new BaselineFile(baseline, file.Path, true);
        var path = System.IO.Path.GetFullPath(baseline, request.WorkingDirectory);
        // Find has checked the text; here, where links lead.
        var folder = System.IO.Path.GetDirectoryName(path)!;
        var real = UnixSystem.RealPath(folder) ?? throw new FormatException($"the folder of the baseline '{baseline}' is not there: make {folder}");
        var roots = new[] { request.WorkingDirectory, request.Workspace, request.RunDirectory, request.PlanDirectory }.Select(r => UnixSystem.RealPath(r)).OfType<string>();
        if (!roots.Any(r => real == r || real.StartsWith(r.TrimEnd('/') + "/", StringComparison.Ordinal)))
            throw new FormatException($"the baseline '{baseline}' leads out of its folder, to '{real}'");
        return new BaselineFile(baseline, System.IO.Path.Combine(real, System.IO.Path.GetFileName(path)), false);
    }

    /// <summary>Replaces the file as a whole: whoever reads it sees the old one or the new one.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Write(byte[] text)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        var fresh = $"{Path}.{Environment.ProcessId}.new";
        File.WriteAllBytes(fresh, text);
        File.Move(fresh, Path, overwrite: true);
    }

    private static BaselineFile Named(AttemptRequest request, string name)
    {
        if (name.Length is 0 or > 64 || name[0] is '-' or '_' || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
            throw new FormatException($"'{Text.Shorten(name, 80)}' names no baseline; use at most 64 letters, digits, '_' and '-', or a path that ends in .json");
        var path = System.IO.Path.Combine(request.SkepDirectory, Folder, name + ".json");
        return new BaselineFile(name, path, File.Exists(path));
    }
}
