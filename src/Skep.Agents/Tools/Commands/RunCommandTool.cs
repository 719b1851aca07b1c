using System.Globalization;
using Skep.Orchestration;
using Skep.Orchestration.Commands;
using Skep.Orchestration.Hooks;
using Skep.Orchestration.Processes;

namespace Skep.Agents.Tools;

/// <summary>
/// <c>run_command</c>: programs of a list, without a shell. Protects against other programs than those of the list, a program that was planted where an
/// agent may write, options added to entries with fixed arguments (<see cref="CommandRule"/>), keys in the environment, and processes left behind. It does not
/// confine a program that is allowed: that runs with the rights of the user, beyond the folder too.
/// </summary>
internal sealed class RunCommandTool(IReadOnlyList<CommandRule> rules, HooksFamily hooks, CommandExecutorOptions settings, TreeSampler sampler) : BuiltInTool(Schema)
{
    /// <summary>Time that a program gets when the model does not say.</summary>
    public static readonly TimeSpan DefaultTime = TimeSpan.FromMinutes(2);

    /// <summary>Longest list of arguments together, in characters.</summary>
    public const int MaxArguments = 32 * 1024;

    private const string Schema = """
        {"type":"object","properties":{
        "argv":{"type":"array","minItems":1,"maxItems":64,"items":{"type":"string","maxLength":4096},"description":"Program and arguments, one each; no shell reads them"},
        "timeout_seconds":{"type":"integer","minimum":1,"maximum":1800,"description":"When to stop it; default 120"}},
        "required":["argv"],"additionalProperties":false}
        """;

    public override string Name => "run_command";

    public override string Description =>
        $"Runs a program in your folder, without a shell: no pipes, no variables, no quoting. Allowed are: {Text.Shorten(string.Join(", ", rules.Select(r => $"'{r.Text}'")), 2000)}.";

    public override ToolKind Kind => ToolKind.Execute;

    public override ToolRepeat Repeat => ToolRepeat.Unsafe;

    protected override async Task<ToolResult> RunAsync(ToolArguments args, ToolCall call, CancellationToken cancel)
    {
        var argv = args.List("argv");
        Require(argv);
        // A part of its own: calls of one attempt that run at the same time must not be taken for each other's processes.
        var attempt = call.Agent.Attempt with { Part = "tool-" + RequestKey.Hash(call) };
        var host = settings.HostEnvironment();
        var (masker, problem) = SecretValues.Read(attempt, host);
        if (problem is not null) throw new ToolRefusal(problem);
        string Mask(string text) => Secrets.MaskTokens(call.Agent.Mask(masker.MaskText(text)));

        var finder = new ProgramFinder(host.GetValueOrDefault("PATH", ProgramPath.DefaultPath), attempt);
        var program = finder.Find(argv[0]);
        var line = Mask(Text.Shorten(string.Join(' ', argv.Select(Quoted)), LedgerLimits.MaxSubject));
        var notes = await hooks.HookAsync(call, "pre-command", new Dictionary<string, string> { ["command"] = line, ["validate-safety"] = "true" }, cancel);

        var output = new BoundedOutput();
        var environment = CommandEnvironment.Build(attempt, host, finder.SearchPath, Mask);
        var limit = args.Whole("timeout_seconds") is { } seconds ? TimeSpan.FromSeconds(seconds) : DefaultTime;
        var end = await new CommandRun(attempt, call.Agent.Hold, call.Agent.Time, sampler, settings).RunAsync([program, .. argv.Skip(1)], environment, limit, output, cancel);
        notes = [.. notes, .. await ReportAsync(call, line, end)];
        var summary = end.Problem ?? end.Exit!.ToString();
        return new ToolResult($"The program {Mask(summary)}.\n{Untrusted.Wrap("output of " + line, output.Text(Mask))}".With(notes), IsError: end.Exit?.Code != 0);
    }

    private void Require(IReadOnlyList<string> argv)
    {
        if (argv.Sum(a => a.Length) > MaxArguments) throw new ToolRefusal($"the arguments have more than {MaxArguments} characters together: pass large texts through a file");
        foreach (var argument in argv)
            if (argument.Any(char.IsControl)) throw new ToolRefusal("an argument holds a line end or another control character: pass such text through a file");
        string? closest = null;
        foreach (var rule in rules)
        {
            if (rule.Refusal(argv) is not { } why) return;
            if (rule.Program == argv[0]) closest = why;
        }

        throw new ToolRefusal($"the command '{Text.Shorten(string.Join(' ', argv), 120)}' {closest ?? "is not on the list"}; allowed are: {string.Join(", ", rules.Select(r => $"'{r.Text}'"))}. Names are compared letter by letter, without folders");
    }

    private async Task<IReadOnlyList<string>> ReportAsync(ToolCall call, string line, CommandEnd end)
    {
        var flags = new Dictionary<string, string> { ["command"] = line, ["success"] = end.Exit?.Code == 0 ? "true" : "false" };
        if (end.Exit?.Code is { } code) flags["exit-code"] = code.ToString(CultureInfo.InvariantCulture);
        try
        {
            // It has run, whatever is asked of us now.
            return await hooks.HookAsync(call, "post-command", flags, CancellationToken.None);
        }
        catch (ToolRefusal e)
        {
            return [e.Message];
        }
    }

    private static string Quoted(string argument) => argument.Length > 0 && argument.All(c => char.IsAsciiLetterOrDigit(c) || "-_./=:+,@%".Contains(c, StringComparison.Ordinal)) ? argument : $"'{argument.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
