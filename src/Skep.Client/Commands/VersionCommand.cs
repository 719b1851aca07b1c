using System.CommandLine;
using System.CommandLine.Invocation;

namespace Skep.Client.Commands;

/// <summary><c>skep version</c>.</summary>
internal sealed class VersionCommand : Verb
{
    public VersionCommand(CliContext cli) : base("version", "Tells the version.", "skep version") => Action = new TellVersion(cli);
}

/// <summary>What <c>skep version</c> and <c>skep --version</c> do.</summary>
internal sealed class TellVersion(CliContext cli) : SynchronousCommandLineAction
{
    /// <inheritdoc />
    public override int Invoke(ParseResult parseResult)
    {
        cli.Out.WriteLine($"skep {ProgramVersion.Text}");
        return ExitCodes.Ok;
    }
}
