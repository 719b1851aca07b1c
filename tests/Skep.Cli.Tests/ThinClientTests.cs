using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Skep.Cli.Tests;

/// <summary>A theory that needs the thin client: the environment variable SKEP_THIN names it (eng/publish-thin.sh makes it).</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ThinTheoryAttribute : TheoryAttribute
{
    public static string? Thin { get; } = Environment.GetEnvironmentVariable("SKEP_THIN");

    /// <summary>The full program, beside the tests.</summary>
    public static string Full { get; } = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "skep.exe" : "skep");

    public ThinTheoryAttribute()
    {
        if (Thin is null || !File.Exists(Thin)) Skip = "SKEP_THIN does not name a thin client; eng/publish-thin.sh makes one";
        else if (!File.Exists(Full)) Skip = "the full program is not beside the tests";
    }
}

/// <summary>The thin client and the full program give the same answers, as processes, with an owner and without one.</summary>
public sealed partial class ThinClientTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("skep-thin-").FullName;

    public static TheoryData<string, bool> Lines()
    {
        var lines = new TheoryData<string, bool>();
        foreach (var line in CommandLines)
        {
            lines.Add(line, false);
            lines.Add(line, true);
        }

        return lines;
    }

    [ThinTheory]
    [MemberData(nameof(Lines))]
    public async Task Both_programs_say_the_same(string line, bool owned)
    {
        var thin = await AllAsync("thin", ThinTheoryAttribute.Thin!, line, owned);
        var full = await AllAsync("full", ThinTheoryAttribute.Full, line, owned);
        Assert.Equal(full, thin);
    }

    [ThinTheory]
    [InlineData("memory store a/b one; memory search one")]
    public async Task Without_an_owner_the_thin_client_finds_by_words_alone_and_says_so(string line)
    {
        var said = await AllAsync("thin", ThinTheoryAttribute.Thin!, line, owned: false);
        Assert.Contains("a/b\tone", said, StringComparison.Ordinal);
        Assert.Contains("found by words alone: ", said, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    /// <summary>Command lines that follow each other in one folder, separated by semicolons.</summary>
    private static IEnumerable<string> CommandLines =>
    [
        "--version", "memory", "memory store --help", "hooks post-edit --help", "hooks nonsense", "memroy get a",
        "memory store a/b one --ttl 1h; memory store a/b two --if-version 1; memory store a/b three --if-version 1; memory get a/b; memory list --values; memory get a/c",
        "memory store a/b one; memory store ../b two; memory search --contains one; memory delete a --prefix; memory stats --json; memory store x",
        "hooks post-edit --file a.cs --agent ann --session-id s --memory-key k/v; hooks session-restore --session-id s; hooks metrics --json",
        "hooks post-edit; hooks adapt; hooks post-edit --fil a; hooks list --json; hooks pre-command --validate-safety --command dd",
        "hooks session-start --session-id s --agent ann --json; hooks session-end --session-id s --export-metrics true; hooks session-export --session-id s",
        "send bob hello --agent ann; inbox --agent bob --json; inbox --agent bob; reply 1 yes --agent bob; inbox --agent ann; reply 77 no --agent bob",
        "ask bob why --agent ann --timeout 1ms; handover login --to bob --agent ann --note done; inbox --agent bob --peek",
        "lock src/** --exclusive --agent bob; lock src/a --agent ann; hooks pre-edit --file src/a --agent ann --json; locks; unlock --agent ann; unlock --agent bob; locks --json; lock ../x",
        "metric speed 3; metric speed fast; metric speed 3 --run none",
        "hooks claude-code; hooks claude-code --nonsense; hooks uninstall claude-code; hooks install nothing",
    ];

    private async Task<string> AllAsync(string folder, string program, string lines, bool owned)
    {
        var project = Directory.CreateDirectory(Path.Combine(_root, folder, "p")).FullName;
        await File.WriteAllTextAsync(Path.Combine(project, "a.cs"), "class A;");
        await using var owner = owned ? SkepHost.Open(SkepFolder.Create(project)) : null;
        var said = "";
        foreach (var line in lines.Split(';', StringSplitOptions.TrimEntries)) said += await OneAsync(program, project, line.Split(' '));
        return Normal(said, project);
    }

    private static async Task<string> OneAsync(string program, string project, string[] args)
    {
        var start = new ProcessStartInfo(program, args) { WorkingDirectory = project, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var name in start.Environment.Keys.Where(n => n.StartsWith("SKEP_", StringComparison.Ordinal)).ToList()) start.Environment.Remove(name);
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return $"$ {string.Join(' ', args)}\n{await output}--\n{await error}-- {process.ExitCode}\n";
    }

    /// <summary>Without what differs from call to call: places, times, durations.</summary>
    private static string Normal(string text, string project) =>
        Durations().Replace(Times().Replace(text.Replace(project, "PROJECT", StringComparison.Ordinal), "TIME"), "${name}N");

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT[\d:.]+Z", RegexOptions.None, 1000)]
    private static partial Regex Times();

    [GeneratedRegex(@"(?<name>""(?:durationMs|sincePreTaskMs)"": ?|expires in )[\w. ]+", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Durations();
}
