using System.CommandLine;
using System.Text.Json;
using Skep.Agents.Specs;
using Skep.Cli.Agents;
using Skep.Cli.Reading;

namespace Skep.Cli.Commands;

/// <summary><c>skep agents match</c>: agents that fit a text.</summary>
internal sealed class AgentsMatchCommand : Verb
{
    private readonly CliContext _cli;
    private readonly Argument<string> _text = new("TEXT") { Description = "What is needed, in words." };
    private readonly Option<int> _limit = new("--limit") { Description = "Most agents that are shown.", HelpName = "N", DefaultValueFactory = _ => 5 };
    private readonly Option<bool> _json = CommonOptions.Json();
    private readonly Option<string?> _project = AgentsCommand.Project();
    private readonly Option<string?> _plan = AgentsCommand.Plan();

    public AgentsMatchCommand(CliContext cli)
        : base("match", "Finds the agents that fit a text, by the words of their capabilities, names and roles, and says why. No model is asked.", "skep agents match \"needs rust and profiling\"", "skep agents match \"review of SQL\" --limit 1 --json")
    {
        _cli = cli;
        _limit.Validators.Add(r => { if (r.GetValueOrDefault<int>() < 1) r.AddError("--limit must be at least 1"); });
        Add(_text);
        foreach (var option in new Option[] { _limit, _json, _project, _plan }) Add(option);
        SetAction(Match);
    }

    private int Match(ParseResult parsed)
    {
        var entries = AgentSearch.Find(_cli, parsed.GetValue(_project), parsed.GetValue(_plan)).Usable.ToList();
        var text = parsed.GetValue(_text)!;
        var matches = AgentMatcher.Rank(text, [.. entries.Select(e => e.Spec)]).Take(parsed.GetValue(_limit)).ToList();
        var ranked = matches.Select(m => (Match: m, entries.First(e => ReferenceEquals(e.Spec, m.Spec)).Source)).ToList();
        if (parsed.GetValue(_json)) _cli.Out.Write(JsonText.Of(json => Write(json, ranked)));
        else foreach (var (match, source) in ranked) _cli.Out.Write(Lines(match, source));
        if (ranked.Count > 0) return ExitCodes.Ok;
        throw new CliException(ExitCodes.NotFound, entries.Count == 0 ? "there are no agents here; 'skep agents list' says where they are looked for" : $"none of {entries.Count} agents fits '{PlainLine.Clean(text)}'; use words of their capabilities or roles ('skep agents list')");
    }

    private static string Lines(AgentMatch match, string source)
    {
        var missing = match.Missing.Count > 0 ? $"; nothing about {string.Join(", ", match.Missing.Select(m => $"'{PlainLine.Clean(m)}'"))}" : "";
        return FormattableString.Invariant($"{match.Score,4:0.00}  {match.Spec.Id}  ({PlainLine.Clean(source)})\n      {PlainLine.Clean(string.Join(", ", match.Why))}{missing}\n");
    }

    private static void Write(Utf8JsonWriter json, List<(AgentMatch Match, string Source)> ranked)
    {
        json.WriteStartArray();
        foreach (var (match, source) in ranked)
        {
            json.WriteStartObject();
            json.WriteString("name", match.Spec.Id);
            json.WriteText("version", match.Spec.Version?.ToString());
            json.WriteNumber("score", Math.Round(match.Score, 4));
            AgentJson.Texts(json, "why", match.Why);
            AgentJson.Texts(json, "missing", match.Missing);
            json.WriteString("source", source);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
