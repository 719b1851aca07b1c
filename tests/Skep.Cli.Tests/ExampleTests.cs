using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Skep.Cli.Tests;

/// <summary>The examples, as people run them.</summary>
public class ExampleTests
{
    private static readonly bool HasGit = Exists("git") && Exists("sh");

    [Fact]
    public async Task The_quickstart_surveys_a_repository_with_difficult_names_and_leaves_it_alone()
    {
        if (!HasGit)
        {
            Assert.True(OperatingSystem.IsWindows() || !Exists("git"), "nothing to survey with");
            return;
        }

        using var cli = new Harness { UseProcesses = true };
        cli.File("src/plain name.cs", "// TODO: something\n");
        cli.File("src/quo\"te'.cs", "// same\n");
        cli.File("src/line\nbreak.cs", "// same\n");
        cli.File("tests/ünï|code.py", "pass\n");
        cli.File("package.json", "{}");
        cli.File("README.md", "# Hello\n");
        await GitAsync(cli, "init", "-q");
        await GitAsync(cli, "add", "-A");
        await GitAsync(cli, "-c", "user.name=A \"B\" | C", "-c", "user.email=a@example.org", "commit", "-q", "-m", "one");

        var code = await cli.RunAsync("run", Example("quickstart"), "--id", "survey");
        Assert.True(code == ExitCodes.Ok, cli.Out + cli.Error);
        var survey = await File.ReadAllTextAsync(Path.Combine(cli.Project, ".skep", "runs", "survey", "work", "survey.md"));
        Assert.Equal(9, survey.Split("\n## ").Length - 1);
        Assert.Contains("src/plain name.cs", survey, StringComparison.Ordinal);
        Assert.Contains("\"src/line\\nbreak.cs\"", survey, StringComparison.Ordinal);
        Assert.Contains("A \"B\" | C", survey, StringComparison.Ordinal);
        Assert.Equal("", await GitAsync(cli, "status", "--short"));
        await cli.RunAsync("show", "survey", "--json");
        using var show = JsonDocument.Parse(cli.Out);
        var synthesis = show.RootElement.GetProperty("tasks").EnumerateArray().Single(t => t.GetProperty("id").GetString() == "synthesize");
        Assert.Equal("6", synthesis.GetProperty("outputs").GetProperty("files_surveyed").GetString());
        Assert.Equal("survey.md", synthesis.GetProperty("attempts")[0].GetProperty("artifacts")[0].GetProperty("name").GetString());
    }

    [Fact]
    public async Task The_quickstart_says_clearly_that_there_is_no_repository()
    {
        if (!HasGit)
        {
            Assert.True(OperatingSystem.IsWindows() || !Exists("git"), "nothing to survey with");
            return;
        }

        using var cli = new Harness { UseProcesses = true };
        Assert.Equal(ExitCodes.RunFailed, await cli.RunAsync("run", Example("quickstart"), "--no-report"));
        Assert.Contains("is no git repository: start the run inside one", cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_fan_out_tries_its_failing_item_again_and_joins()
    {
        if (OperatingSystem.IsWindows()) return;
        using var cli = new Harness { UseProcesses = true };
        var code = await cli.RunAsync("run", Example("fan-out"), "--id", "f");
        Assert.True(code == ExitCodes.Ok, cli.Out + cli.Error);
        Assert.Contains("shard[2]  attempt 1 failed, tried again", cli.Out, StringComparison.Ordinal);
        Assert.Contains("gate counted  letters_in_all = 25", cli.Out, StringComparison.Ordinal);
        await cli.RunAsync("logs", "f", "shard[2]");
        Assert.Equal("cedar has 5 letters (attempt 2)\n", cli.Out);
    }

    [Fact]
    public async Task The_resume_example_proves_what_it_says()
    {
        var program = Path.Combine(AppContext.BaseDirectory, "skep");
        if (OperatingSystem.IsWindows() || !File.Exists(program)) return;
        using var cli = new Harness();
        var (code, output) = await CallAsync(cli.Project, "sh", [Path.Combine(Example("resume"), "run.sh"), cli.Project], ("SKEP", program));
        Assert.True(code == 0, output);
        Assert.Contains("PROVED", output, StringComparison.Ordinal);
    }

    private static string Example(string name, [CallerFilePath] string source = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(source)!, "..", "..", "examples", name));

    private static bool Exists(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(d => File.Exists(Path.Combine(d, program)));

    private static async Task<string> GitAsync(Harness cli, params string[] args)
    {
        var (code, output) = await CallAsync(cli.Project, "git", args);
        Assert.True(code == 0, output);
        return output;
    }

    private static async Task<(int Code, string Output)> CallAsync(string directory, string program, string[] args, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, args) { WorkingDirectory = directory, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await error);
    }
}
