using System.CommandLine;
using Skep.Cli.Completion;

namespace Skep.Cli.Commands;

/// <summary><c>skep completion</c>: scripts that make shells complete commands, options and run ids.</summary>
internal sealed class CompletionCommand : Verb
{
    private readonly Argument<string> _shell = new("SHELL") { Description = "bash, zsh, fish or pwsh." };

    public CompletionCommand(CliContext cli)
        : base("completion", "Writes a script for a shell. With it, the shell completes commands, options and run ids.", "source <(skep completion bash)", "skep completion fish > ~/.config/fish/completions/skep.fish")
    {
        _shell.AcceptOnlyFromAmong([.. CompletionScripts.Shells]);
        Add(_shell);
        SetAction(parsed => Output.Write(cli, null, CompletionScripts.For(parsed.GetValue(_shell)!)));
    }
}
