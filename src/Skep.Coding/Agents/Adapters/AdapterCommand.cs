using System.Globalization;
using Skep.Plans;

namespace Skep.Coding.Agents;

/// <summary>What a coding CLI is told this time.</summary>
/// <param name="Session">The session's id.</param>
/// <param name="Resumes">Whether the session is taken up again.</param>
/// <param name="Prompt">The prompt.</param>
/// <param name="PromptFile">File that holds it.</param>
internal sealed record AdapterCall(string Session, bool Resumes, string Prompt, string PromptFile);

/// <summary>Makes the command line of a coding CLI.</summary>
internal static class AdapterCommand
{
    /// <summary>Program and arguments.</summary>
    public static List<string> Build(CodingAdapter adapter, string program, AgentSpec agent, AdapterCall call)
    {
        var values = Values(adapter, agent, call);
        List<string> templates = [.. call.Resumes ? adapter.Resume : adapter.Start];
        if (agent.Model is not null) templates.AddRange(adapter.Model);
        templates.AddRange(adapter.Permission);
        if (values["tools"].Length > 0) templates.AddRange(adapter.Tools);
        if (agent.Limits.Turns is not null) templates.AddRange(adapter.Turns);
        if (!string.IsNullOrWhiteSpace(agent.SystemPrompt)) templates.AddRange(adapter.System);
        if (adapter.Prompt == PromptForm.Argument && !templates.Any(t => t.Contains("{prompt}", StringComparison.Ordinal))) templates.Add("{prompt}");
        return [program, .. templates.Select(t => Fill(t, values))];
    }

    private static Dictionary<string, string> Values(CodingAdapter adapter, AgentSpec agent, AdapterCall call)
    {
        var mode = ModeName(agent.PermissionMode);
        return new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["session"] = call.Session,
            ["prompt"] = call.Prompt,
            ["prompt_file"] = call.PromptFile,
            // The provider is Skep's word; a CLI talks to its own.
            ["model"] = agent.Model is { } model ? model[(model.IndexOf('/', StringComparison.Ordinal) + 1)..] : "",
            ["mode"] = adapter.Modes.GetValueOrDefault(mode, mode),
            ["tools"] = string.Join(',', ToolsOf(agent)),
            ["turns"] = agent.Limits.Turns?.ToString(CultureInfo.InvariantCulture) ?? "",
            ["system"] = agent.SystemPrompt ?? "",
        };
    }

    /// <summary>The agent's tools by the names of coding CLIs; programs that it may start become rules such as <c>Bash(git status:*)</c>.</summary>
    internal static IEnumerable<string> ToolsOf(AgentSpec agent)
    {
        var names = agent.Tools.SelectMany(t => t == AgentTools.RunCommand && agent.Commands.Count > 0 ? [] : CliNames(t));
        var rules = agent.Commands.Select(c => $"Bash({string.Join(' ', c.Argv)}:*)");
        return names.Concat(rules).Distinct(StringComparer.Ordinal);
    }

    private static List<string> CliNames(string tool)
    {
        var same = AgentTools.OfCodingClis.Where(p => p.Value.Contains(tool, StringComparer.Ordinal)).Select(p => p.Key).ToList();
        return same.Count > 0 ? same : [tool];
    }

    private static string ModeName(PermissionMode mode) => mode switch
    {
        PermissionMode.Plan => "plan",
        PermissionMode.AcceptEdits => "accept-edits",
        PermissionMode.Bypass => "bypass",
        _ => "default",
    };

    /// <summary>Fills in names in one pass: what a value holds is not looked at again.</summary>
    private static string Fill(string template, Dictionary<string, string> values)
    {
        var text = new System.Text.StringBuilder();
        var at = 0;
        while (at < template.Length)
        {
            var close = template[at] == '{' ? template.IndexOf('}', at) : -1;
            if (close > 0 && values.TryGetValue(template[(at + 1)..close], out var value))
            {
                text.Append(value);
                at = close + 1;
            }
            else text.Append(template[at++]);
        }

        return text.ToString();
    }
}
