using System.CommandLine;
using Skep.Agents.Specs;
using Skep.Cli.Agents;
using Skep.Cli.Plans;
using Skep.Cli.Reading;

namespace Skep.Cli.Commands;

/// <summary><c>skep agents check</c>: reads agent files and tells everything that is wrong with them or has no effect.</summary>
internal sealed class AgentsCheckCommand : Verb
{
    private readonly CliContext _cli;
    private readonly Argument<string[]> _files = new("FILE") { Description = "Agent files.", HelpName = "FILE", Arity = ArgumentArity.OneOrMore };
    private readonly Option<bool> _json = CommonOptions.Json();

    public AgentsCheckCommand(CliContext cli) : base("check", "Reads agent files and tells everything that is wrong with them, and what has no effect here.", "skep agents check agents/researcher.md", "skep agents check .claude/agents/*.md --json")
    {
        _cli = cli;
        Add(_files);
        Add(_json);
        SetAction(Check);
    }

    private int Check(ParseResult parsed)
    {
        var results = (parsed.GetValue(_files) ?? []).Select(Read).ToList();
        if (parsed.GetValue(_json)) WriteJson(results);
        else foreach (var result in results) WriteText(result);
        var wrong = results.Count(r => r.Result.File is null);
        if (wrong == 0) return ExitCodes.Ok;
        throw new CliException(ExitCodes.PlanInvalid, $"{wrong} of {results.Count} agent {(results.Count == 1 ? "file" : "files")} cannot be used");
    }

    private (string File, string Text, AgentFileResult Result) Read(string file)
    {
        try
        {
            var text = AgentFileStore.Read(_cli.FullPath(file), file, within: []).Text;
            return (file, text, AgentFileReader.Read(text, file));
        }
        catch (AgentFileException e)
        {
            return (file, "", new AgentFileResult(null, [new Diagnostic(Severity.Error, DiagnosticCodes.BadAgentFile, e.Message, default)]));
        }
    }

    private void WriteText((string File, string Text, AgentFileResult Result) checkedFile)
    {
        var (file, text, result) = checkedFile;
        foreach (var finding in result.Diagnostics) _cli.Error.Write(DiagnosticText.Format(finding, file, text));
        if (result.File is { Spec: var spec })
            _cli.Out.WriteLine($"{PlainLine.Clean(file)}: agent {spec.Id}{(spec.Version is { } version ? $" {version}" : "")} is valid: {(spec.Tools.Count == 0 ? "no tools" : "tools " + string.Join(", ", spec.Tools))}");
    }

    private void WriteJson(List<(string File, string Text, AgentFileResult Result)> results) => _cli.Out.Write(JsonText.Of(json =>
    {
        json.WriteStartArray();
        foreach (var (file, _, result) in results)
        {
            json.WriteStartObject();
            json.WriteString("file", file);
            json.WriteBoolean("valid", result.File is not null);
            json.WriteText("name", result.File?.Spec.Id);
            json.WriteStartArray("findings");
            foreach (var finding in result.Diagnostics) AgentJson.Write(json, finding);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }));
}
