using System.CommandLine;
using Skep.Client.Terminal;
using Skep.Orchestration.Hooks;

namespace Skep.Client.Commands.Hooks;

/// <summary><c>skep hooks install claude-code</c> and <c>uninstall</c>: wires a coding CLI to the hooks, and takes that out again.</summary>
internal sealed class InstallCommand : Verb
{
    private readonly CliContext _cli;
    private readonly bool _install;
    private readonly Argument<string> _what = new("CLI") { Description = "The coding CLI: claude-code." };
    private readonly Option<bool> _local = new("--local") { Description = "Only for yourself in this project: .claude/settings.local.json." };
    private readonly Option<bool> _user = new("--user") { Description = "For yourself in all projects." };
    private readonly Option<string?> _program = new("--program") { Description = "The program to call; unless given, skepc beside skep where it exists, else skep.", HelpName = "PATH" };

    public InstallCommand(CliContext cli, bool install)
        : base(
            install ? "install" : "uninstall",
            install ? "Writes the settings that make a coding CLI call the hooks. All else in the file stays as it is." : "Takes the hooks out of a coding CLI's settings. All else in the file stays as it is.",
            $"skep hooks {(install ? "install" : "uninstall")} claude-code", $"skep hooks {(install ? "install" : "uninstall")} claude-code --local")
    {
        (_cli, _install) = (cli, install);
        _what.AcceptOnlyFromAmong(ClaudeCodeCommand.CommandName);
        Add(_what);
        Add(_local);
        Add(_user);
        if (install) Add(_program);
        SetAction(parsed => Change(parsed));
    }

    private int Change(ParseResult parsed)
    {
        if (parsed.GetValue(_local) && parsed.GetValue(_user)) throw new CliException(ExitCodes.Usage, "give --local or --user, not both");
        var scope = parsed.GetValue(_local) ? SettingsScope.Local : parsed.GetValue(_user) ? SettingsScope.User : SettingsScope.Project;
        var project = SkepFolder.Find(_cli.Directory)?.ProjectPath ?? _cli.Directory;
        var file = new SettingsFile(scope, project, scope == SettingsScope.User ? UserFolder() : project);
        try
        {
            var program = _install ? Program(parsed.GetValue(_program)) : "";
            var change = _install ? file.Install(program) : file.Uninstall();
            _cli.Out.WriteLine(PlainLine.Clean(Told(change, file, program)));
            if (_install && file.Read() is { } text && ClaudeCodeSettings.HooksAreDisabled(text)) _cli.Error.WriteLine("note: the settings have \"disableAllHooks\": true, so that no hook is called; take that out");
            return ExitCodes.Ok;
        }
        catch (CodingCliFormatException e)
        {
            throw new CliException(ExitCodes.Refused, e.Message);
        }
    }

    private static string Told(SettingsChange change, SettingsFile file, string program) => change switch
    {
        SettingsChange.Written => program.Length > 0 ? $"{file.Path}: hooks call {program}" : $"{file.Path}: hooks taken out",
        SettingsChange.Removed => $"{file.Path}: removed, it held nothing else",
        _ => $"{file.Path}: nothing to change",
    };

    private string UserFolder() => _cli.Variable("CLAUDE_CONFIG_DIR") is { Length: > 0 } folder ? folder
        : Path.Combine(_cli.Variable("HOME") ?? _cli.Variable("USERPROFILE") ?? throw new CliException(ExitCodes.Usage, "HOME is not set, so that your own settings cannot be found; set it, or CLAUDE_CONFIG_DIR"), ".claude");

    private string Program(string? given)
    {
        if (given is not null)
        {
            var path = _cli.FullPath(given);
            return File.Exists(path) ? path : throw new CliException(ExitCodes.Usage, $"there is no program '{given}' for --program");
        }

        var name = OperatingSystem.IsWindows() ? "skepc.exe" : "skepc";
        var beside = Path.Combine(AppContext.BaseDirectory, name);
        if (File.Exists(beside)) return beside;
        var own = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "skep.exe" : "skep");
        return File.Exists(own) ? own : "skep";
    }
}
