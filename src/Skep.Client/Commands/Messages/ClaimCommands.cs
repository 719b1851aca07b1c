using System.CommandLine;
using Skep.Client.Commands.Hooks;
using Skep.Client.Terminal;
using Skep.Orchestration.Coordination;

namespace Skep.Client.Commands.Messages;

/// <summary><c>skep lock</c>: says that one works on some files.</summary>
internal sealed class LockCommand : MessageVerb
{
    private readonly Argument<string> _glob = new("GLOB") { Description = "A file or a pattern such as 'src/**', from the current directory." };
    private readonly Option<bool> _exclusive = new("--exclusive") { Description = "Nobody else may change them: their edits are blocked." };
    private readonly Option<string?> _ttl = new("--ttl") { Description = "How long it holds, such as 30m; until it is given back unless given.", HelpName = "TIME" };
    private readonly Option<string?> _note = new("--note") { Description = "Why.", HelpName = "TEXT" };

    public LockCommand(CliContext cli) : base(cli, "lock", "Says that you work on some files: others are told, or blocked.", "skep lock \"src/login/**\" --ttl 30m", "skep lock db/schema.sql --exclusive --ttl 10m")
    {
        Add(_glob);
        Add(_exclusive);
        Add(_ttl);
        Add(_note);
        Complete(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        var glob = ClaimPaths.InProject(Cli, Folder(parsed), parsed.GetValue(_glob)!);
        var ttl = parsed.GetValue(_ttl) is { } text ? Duration(text, "--ttl") : (TimeSpan?)null;
        var answer = await AskAsync(parsed, "lock", json =>
        {
            json.WriteString("glob", glob);
            json.WriteBoolean("exclusive", parsed.GetValue(_exclusive));
            if (ttl is { } time) json.WriteNumber("ttlMs", (long)time.TotalMilliseconds);
            json.Maybe("note", parsed.GetValue(_note) is { } note ? Masked(note) : null);
            json.Maybe("task", Identity.Task(Cli));
            json.Maybe("run", Identity.Run(Cli));
        }, cancel);
        foreach (var other in answer.GetProperty("overlaps").EnumerateArray()) Cli.Error.WriteLine($"note: {PlainLine.Clean($"{HookText.Get(other, "holder")} has claimed files of it, too ({HookText.Get(other, "glob")})")}");
        if (answer.TryGetProperty("owned", out var owned))
            foreach (var task in owned.EnumerateArray()) Cli.Error.WriteLine($"note: {PlainLine.Clean($"task {HookText.Get(task, "task")} of run {HookText.Get(task, "run")} owns files of it")}");
        return Show(parsed, answer, a => PlainLine.Clean(HookText.ClaimLine(a.GetProperty("claim"))) + "\n");
    }
}

/// <summary><c>skep unlock</c>: gives claims back.</summary>
internal sealed class UnlockCommand : MessageVerb
{
    private readonly Argument<string?> _glob = new("GLOB") { Description = "What was claimed; all that you hold unless given.", Arity = ArgumentArity.ZeroOrOne };

    public UnlockCommand(CliContext cli) : base(cli, "unlock", "Gives claims of files back.", "skep unlock \"src/login/**\"", "skep unlock")
    {
        Add(_glob);
        Complete(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        var glob = parsed.GetValue(_glob) is { } given ? ClaimPaths.InProject(Cli, Folder(parsed), given) : null;
        var answer = await AskAsync(parsed, "unlock", json => json.Maybe("glob", glob), cancel);
        return Show(parsed, answer, a => a.GetProperty("released").GetArrayLength() == 0 ? "nothing of it was held\n" : HookText.Of(a));
    }
}

/// <summary><c>skep locks</c>: who has claimed what.</summary>
internal sealed class LocksCommand : MessageVerb
{
    public LocksCommand(CliContext cli) : base(cli, "locks", "Lists the claims of files that hold.", "skep locks") => Complete(RunAsync);

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        await using var store = SqliteStore.OpenReader(Folder(parsed));
        var answer = MessageReads.Claims(store, Cli.Time);
        return Show(parsed, answer, a => a.GetProperty("claims").GetArrayLength() == 0 ? "no claims\n" : HookText.Of(a));
    }
}

/// <summary>Paths that people give, as claims have them.</summary>
internal static class ClaimPaths
{
    /// <summary>Relative to the project, with slashes.</summary>
    /// <exception cref="CliException">It lies outside.</exception>
    public static string InProject(CliContext cli, SkepFolder folder, string given)
    {
        var full = Path.GetFullPath(given, cli.Directory);
        var relative = Path.GetRelativePath(folder.ProjectPath, full).Replace('\\', '/');
        return relative.StartsWith("../", StringComparison.Ordinal) || relative == ".." || Path.IsPathRooted(relative)
            ? throw new CliException(ExitCodes.Usage, $"'{given}' lies outside of the project {folder.ProjectPath}: claim files within it")
            : relative == "." ? "**" : relative;
    }
}
