using System.CommandLine;

namespace Skep.Client.Commands;

/// <summary>The options of <c>mcp</c>, which both programs have.</summary>
internal sealed class McpOptions
{
    /// <summary>Whether the extended tools are offered.</summary>
    public Option<bool> All { get; } = new("--all") { Description = "Offer the extended tools, too." };

    /// <summary>Where tasks work.</summary>
    public Option<string?> Workspace { get; } = new("--workspace") { Description = "Folder in which tasks work, and to which plans are relative; the current directory unless given.", HelpName = "DIR" };

    /// <summary>Where the folder is.</summary>
    public Option<string?> Dir { get; } = CommonOptions.Dir();

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(All);
        command.Add(Workspace);
        command.Add(Dir);
    }

    /// <summary>The folder to serve, made where there is none, and the workspace.</summary>
    /// <exception cref="CliException">A directory that was named is not there.</exception>
    public (SkepFolder Folder, string Workspace) Places(CliContext cli, ParseResult parsed)
    {
        var workspace = cli.FullPath(parsed.GetValue(Workspace) ?? ".");
        if (!Directory.Exists(workspace)) throw new CliException(ExitCodes.Usage, $"there is no directory '{workspace}' for --workspace");
        return (Folders.FindOrCreate(cli, parsed.GetValue(Dir)), workspace);
    }
}
