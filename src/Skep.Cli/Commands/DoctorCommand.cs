using System.CommandLine;
using Skep.Cli.Checking;
using Skep.Cli.Reading;

namespace Skep.Cli.Commands;

/// <summary><c>skep doctor</c>: looks whether everything is in order.</summary>
internal sealed class DoctorCommand : Verb
{
    private readonly CliContext _cli;
    private readonly Option<bool> _json = CommonOptions.Json();
    private readonly Option<string?> _dir = CommonOptions.Dir();

    public DoctorCommand(CliContext cli) : base("doctor", "Looks whether everything is in order. Examines the folder, its database and this machine, and says what to do.", "skep doctor", "skep doctor --json")
    {
        _cli = cli;
        Add(_json);
        Add(_dir);
        SetAction((parsed, cancel) => ExamineAsync(parsed, cancel));
    }

    private async Task<int> ExamineAsync(ParseResult parsed, CancellationToken cancel)
    {
        var findings = await new Doctor(_cli, parsed.GetValue(_dir)).ExamineAsync(cancel);
        if (parsed.GetValue(_json)) await _cli.Out.WriteAsync(Json(findings));
        else foreach (var finding in findings) await _cli.Out.WriteLineAsync(Line(finding));
        return findings.Any(f => f.Health == Health.Fail) ? ExitCodes.Storage : ExitCodes.Ok;
    }

    private string Line(Finding finding)
    {
        var word = finding.Health switch { Health.Ok => _cli.Colours.Good("ok  "), Health.Warn => _cli.Colours.Warn("warn"), _ => _cli.Colours.Bad("FAIL") };
        return $"{word}  {finding.Name,-10} {finding.What}{(finding.Fix is null ? "" : $"\n      {"",-10} → {finding.Fix}")}";
    }

    private static string Json(IReadOnlyList<Finding> findings) => JsonText.Of(json =>
    {
        json.WriteStartArray();
        foreach (var finding in findings)
        {
            json.WriteStartObject();
            json.WriteString("check", finding.Name);
            json.WriteString("health", finding.Health.ToString().ToLowerInvariant());
            json.WriteString("what", finding.What);
            json.WriteText("fix", finding.Fix);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });
}
