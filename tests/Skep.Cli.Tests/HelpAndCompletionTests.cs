using System.CommandLine;
using System.Diagnostics;
using Skep.Cli.Commands;
using Skep.Cli.Completion;

namespace Skep.Cli.Tests;

public class HelpAndCompletionTests
{
    [Fact]
    public async Task Help_of_a_group_lists_its_commands_without_what_they_take()
    {
        using var cli = new Harness();
        await cli.RunAsync("plan", "--help");
        Assert.Contains("  check       Reads a plan", cli.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("default:", cli.Out, StringComparison.Ordinal);
        await cli.RunAsync("help", "help");
        Assert.Contains("  <TOPIC>  A command", cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_of_the_program_lists_what_it_can_do()
    {
        using var cli = new Harness();
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("--help"));
        Assert.Equal(Golden("help.txt", cli.Out), cli.Out);
        var help = cli.Out;
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync());
        Assert.Equal(help, cli.Out);
    }

    [Fact]
    public async Task Help_of_a_command_has_options_and_examples()
    {
        using var cli = new Harness();
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("help", "run"));
        Assert.Equal(Golden("help-run.txt", cli.Out), cli.Out);
    }

    [Fact]
    public void Every_command_has_a_description_and_one_to_three_examples_that_parse()
    {
        using var cli = new Harness();
        var root = SkepCommand.Create(cli.Context(TextWriter.Null, TextWriter.Null));
        foreach (var command in All(root).Skip(1))
        {
            var verb = Assert.IsAssignableFrom<Verb>(command);
            Assert.InRange(verb.Examples.Count, 1, 3);
            Assert.NotEqual("", verb.Description);
            foreach (var example in verb.Examples.Where(e => e.StartsWith("skep ", StringComparison.Ordinal)))
                Assert.Empty(root.Parse(example.Split('>')[0]["skep ".Length..]).Errors);
        }
    }

    [Fact]
    public void Every_option_is_described()
    {
        using var cli = new Harness();
        var root = SkepCommand.Create(cli.Context(TextWriter.Null, TextWriter.Null));
        Assert.All(All(root).SelectMany(c => c.Options.Cast<Symbol>().Concat(c.Arguments)), s => Assert.False(string.IsNullOrEmpty(s.Description), s.Name));
    }

    [Fact]
    public async Task Exit_codes_and_version_are_told()
    {
        using var cli = new Harness();
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("help", "exit-codes"));
        Assert.Equal(ExitCodes.All.Count, cli.Out.TrimEnd().Split('\n').Length);
        await cli.RunAsync("version");
        var version = cli.Out;
        await cli.RunAsync("--version");
        Assert.Equal(version, cli.Out);
        Assert.StartsWith("skep 0.", version, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Completion_offers_commands_and_run_ids()
    {
        using var cli = new Harness();
        cli.File("plan.yaml", "plan: demo\ntasks:\n  - { id: a, run: ok }\n");
        await cli.RunAsync("run", "-q", "--id", "my-run", "--no-report");
        await cli.RunAsync("[suggest:8]", "skep res");
        Assert.Equal("resume\n", cli.Out);
        await cli.RunAsync("[suggest:11]", "skep show m");
        Assert.Equal("my-run\n", cli.Out);
    }

    [Fact]
    public void There_is_a_script_for_every_shell() =>
        Assert.All(CompletionScripts.Shells, shell => Assert.Contains("[suggest:", CompletionScripts.For(shell), StringComparison.Ordinal));

    [Fact]
    public async Task The_bash_script_completes_in_a_real_bash()
    {
        using var cli = new Harness();
        await cli.RunAsync("completion", "bash");
        cli.File("completion.bash", cli.Out);
        var test = cli.File("test.bash", """
            # Stands in for the program: answers as it would, and shows that line and cursor arrive whole.
            skep() { [[ $1 == "[suggest:8]" && $2 == "skep res" ]] && printf 'resume\nrestart me\nother\n'; }
            source ./completion.bash
            complete -p skep > /dev/null || exit 9
            COMP_WORDS=(skep res) COMP_CWORD=1 COMP_LINE="skep res" COMP_POINT=8
            _skep_complete
            printf '%s|' "${COMPREPLY[@]}"
            """);
        if (!File.Exists("/bin/bash"))
        {
            Assert.True(OperatingSystem.IsWindows() || !File.Exists("/usr/bin/bash"), "bash is not in /bin");
            return;
        }

        using var bash = Process.Start(new ProcessStartInfo("/bin/bash", [test]) { WorkingDirectory = cli.Project, RedirectStandardOutput = true, UseShellExecute = false })!;
        var output = await bash.StandardOutput.ReadToEndAsync();
        await bash.WaitForExitAsync();
        Assert.Equal((0, "resume|restart me|"), (bash.ExitCode, output));
    }

    private static IEnumerable<Command> All(Command command) => command.Subcommands.SelectMany(All).Prepend(command);

    /// <summary>The expected text; SKEP_UPDATE_GOLDEN=1 writes what there is now into the source folder.</summary>
    private static string Golden(string name, string actual, [System.Runtime.CompilerServices.CallerFilePath] string source = "")
    {
        var path = Path.Combine(Path.GetDirectoryName(source)!, "Golden", name);
        if (Environment.GetEnvironmentVariable("SKEP_UPDATE_GOLDEN") == "1") File.WriteAllText(path, actual);
        return File.ReadAllText(Environment.GetEnvironmentVariable("SKEP_UPDATE_GOLDEN") == "1" ? path : Path.Combine(AppContext.BaseDirectory, "Golden", name));
    }
}
