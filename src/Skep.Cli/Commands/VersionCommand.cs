namespace Skep.Cli.Commands;

/// <summary><c>skep version</c>.</summary>
internal sealed class VersionCommand : Verb
{
    public VersionCommand(CliContext cli) : base("version", "Tells the version.", "skep version") =>
        SetAction(_ => cli.Out.WriteLine($"skep {ProgramVersion.Text}"));
}
