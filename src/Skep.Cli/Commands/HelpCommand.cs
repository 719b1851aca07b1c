using System.CommandLine;

namespace Skep.Cli.Commands;

/// <summary><c>skep help</c>: help on commands, and the table of exit codes.</summary>
internal sealed class HelpCommand : Verb
{
    /// <summary>The topic that is no command.</summary>
    public const string ExitCodesTopic = "exit-codes";

    public HelpCommand(CliContext cli, RootCommand root) : base("help", "Explains a command, or lists the exit codes.", "skep help run", "skep help plan schedule", "skep help exit-codes")
    {
        var topic = new Argument<string[]>("TOPIC") { Description = $"A command, or '{ExitCodesTopic}'.", HelpName = "TOPIC", Arity = ArgumentArity.ZeroOrMore };
        topic.CompletionSources.Add(_ => root.Subcommands.Select(c => c.Name).Append(ExitCodesTopic));
        Add(topic);
        SetAction((parsed, cancel) => Explain(cli, root, parsed.GetValue(topic) ?? [], cancel));
    }

    private static Task<int> Explain(CliContext cli, RootCommand root, string[] topic, CancellationToken cancel)
    {
        if (topic is not [ExitCodesTopic])
            return root.Parse([.. topic, "--help"]).InvokeAsync(new InvocationConfiguration { Output = cli.Out, Error = cli.Error, EnableDefaultExceptionHandler = false }, cancel);
        foreach (var (code, meaning) in ExitCodes.All) cli.Out.WriteLine($"{code,4}  {meaning}");
        return Task.FromResult(ExitCodes.Ok);
    }
}
