using Skep.Agents;

namespace Skep.Cli.Checking;

/// <summary>All checks of <c>skep doctor</c>. Changes nothing.</summary>
internal sealed class Doctor(CliContext cli, string? dir)
{
    /// <summary>Free disk space below which runs are in danger.</summary>
    public const long LowDiskBytes = 1024L * 1024 * 1024;

    /// <summary>Open files below which wide runs are in danger: a running command takes about six.</summary>
    public const int LowFileLimit = 1024;

    /// <summary>Examines everything.</summary>
    public async Task<IReadOnlyList<Finding>> ExamineAsync(CancellationToken cancel)
    {
        var findings = new List<Finding> { Program(), Engine() };
        var folder = Folder(findings);
        if (folder is not null)
        {
            findings.Add(await OwnerAsync(folder));
            findings.AddRange(await DatabaseAsync(folder, cancel));
            findings.Add(Models(folder));
        }

        findings.Add(Disk(folder?.Root ?? cli.Directory));
        findings.Add(Git());
        findings.Add(Terminal());
        if (OpenFiles() is { } files) findings.Add(files);
        return findings;
    }

    private static Finding Program() =>
        new("skep", Health.Ok, $"{ProgramVersion.Text} on {System.Runtime.InteropServices.RuntimeInformation.OSDescription}, {Environment.ProcessorCount} processors, .NET {Environment.Version}");

    private static Finding Engine()
    {
        try
        {
            return new Finding("sqlite", Health.Ok, SqliteStore.EngineVersion);
        }
        catch (StorageException e)
        {
            return new Finding("sqlite", Health.Fail, e.Message, "install the system's SQLite library (libsqlite3)");
        }
    }

    private SkepFolder? Folder(List<Finding> findings)
    {
        try
        {
            var folder = Folders.Find(cli, dir);
            findings.Add(new Finding("folder", Health.Ok, folder.Root));
            return folder;
        }
        catch (CliException e)
        {
            findings.Add(new Finding("folder", Health.Warn, e.Message, "nothing to do before the first 'skep run'"));
        }
        catch (StorageException e)
        {
            findings.Add(new Finding("folder", Health.Fail, e.Message, "change its owner, or work in another directory"));
        }

        return null;
    }

    private Finding Models(SkepFolder folder)
    {
        if (ModelChecks.Configuration(folder.Root, cli.Variable, out var ready) is { } problem)
            return new Finding("models", Health.Fail, problem, "mend it; plans with chat agents cannot run before");
        return new Finding("models", Health.Ok, ready.Count == 0 ? "none is configured; plans with chat agents need one (docs/models.md)" : $"providers that can be called: {string.Join(", ", ready)}");
    }

    private static async Task<Finding> OwnerAsync(SkepFolder folder)
    {
        try
        {
            if (await Control.OwnerAsync(folder) is { } owner)
                return new Finding("owner", Health.Ok, $"process {owner.Pid} works on {(owner.Runs is { Count: > 0 } runs ? string.Join(", ", runs) : "no run")}");
            using var free = FolderLock.TryAcquire(folder);
            return free is not null
                ? new Finding("owner", Health.Ok, "nobody; the folder is free")
                : new Finding("owner", Health.Warn, $"process {FolderLock.ReadOwner(folder)?.ProcessId} holds the folder and does not listen", "let it finish, or stop it");
        }
        catch (Exception e) when (e is IOException or StorageException)
        {
            return new Finding("owner", Health.Fail, e.Message, "see whether the process still works; stop it if not, then 'skep resume'");
        }
    }

    private static async Task<IReadOnlyList<Finding>> DatabaseAsync(SkepFolder folder, CancellationToken cancel)
    {
        try
        {
            await using var store = SqliteStore.OpenReader(folder);
            var report = await store.CheckAsync(new BlobStore(folder.BlobsPath), cancel);
            if (report.IsHealthy) return [new Finding("database", Health.Ok, $"{report.Streams} runs, {report.Events} events, {report.Blobs} blobs, all as they were written")];
            return [.. report.Problems.Select(p => new Finding("database", Health.Fail, p, "restore the .skep folder from a backup, or move it away and start anew"))];
        }
        catch (StorageException e)
        {
            return [new Finding("database", Health.Fail, e.Message, "restore the .skep folder from a backup, or move it away and start anew")];
        }
    }

    private static Finding Disk(string path)
    {
        try
        {
            var free = new DriveInfo(path).AvailableFreeSpace;
            var text = $"{free / (1024.0 * 1024 * 1024):0.0} GiB free";
            return free >= LowDiskBytes ? new Finding("disk", Health.Ok, text) : new Finding("disk", Health.Warn, text, "free some space; 'skep gc --older-than 30d' removes old runs");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return new Finding("disk", Health.Warn, $"free space is not known: {e.Message}");
        }
    }

    private Finding Git()
    {
        var found = (cli.Variable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(d => new[] { Path.Combine(d, "git"), Path.Combine(d, "git.exe") }).FirstOrDefault(File.Exists);
        return found is not null ? new Finding("git", Health.Ok, found) : new Finding("git", Health.Warn, "not found in PATH", "install git if your plans use it");
    }

    private Finding Terminal()
    {
        var (width, height) = cli.Terminal.Size;
        var what = !cli.Terminal.OutIsTerminal ? "standard output is no terminal; runs show plain lines"
            : cli.PrefersPlain ? "runs show plain lines, because of NO_COLOR, CI or TERM"
            : $"{width} x {height}; runs show a live picture";
        return new Finding("terminal", Health.Ok, what);
    }

    private static Finding? OpenFiles()
    {
        const string limits = "/proc/self/limits";
        if (!File.Exists(limits)) return null;
        var line = File.ReadLines(limits).FirstOrDefault(l => l.StartsWith("Max open files", StringComparison.Ordinal));
        var soft = line?["Max open files".Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
        if (soft is null) return null;
        return int.TryParse(soft, out var limit) && limit < LowFileLimit
            ? new Finding("files", Health.Warn, $"at most {limit} open files", $"raise it with 'ulimit -n 4096' before runs with high concurrency")
            : new Finding("files", Health.Ok, $"at most {soft} open files");
    }
}
