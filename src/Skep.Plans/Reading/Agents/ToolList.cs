using Skep.Plans.Reading.Binding;
using Skep.Plans.Reading.Text;
using Skep.Plans.Reading.Yaml;

namespace Skep.Plans.Reading.Agents;

/// <summary>Reads the tools of an agent file: <c>Read, Grep, Bash(git status:*)</c>, as a text or a list.</summary>
internal static class ToolList
{
    private const int MaxTools = 200;

    /// <summary>Reads them into a draft, under our names; what programs a rule of <c>Bash</c> allows becomes the draft's commands.</summary>
    public static void Read(Binder binder, AgentFileDraft draft, YamlNode node)
    {
        foreach (var (text, at) in Items(binder, node, "tools")) Add(binder, draft, text, at);
        draft.HasTools = true;
    }

    /// <summary>Reads the tools that an agent must not have.</summary>
    public static void ReadDenied(Binder binder, AgentFileDraft draft, YamlNode node)
    {
        foreach (var (text, at) in Items(binder, node, "disallowedTools"))
            if (text.Contains('(', StringComparison.Ordinal)) binder.Warning(DiagnosticCodes.IgnoredKey, at, $"'{DiagnosticBag.OneLine(text)}' forbids some uses of a tool and has no effect: what may be started is only what 'commands' allows", text);
            else draft.Denied.UnionWith(AgentTools.Map(text) ?? [text]);
    }

    private static void Add(Binder binder, AgentFileDraft draft, string text, SourceSpan at)
    {
        var open = text.IndexOf('(', StringComparison.Ordinal);
        var name = open < 0 ? text : text[..open].Trim();
        if (name == "*")
        {
            binder.Warning(DiagnosticCodes.UnknownTool, at, "'*' gives no tools: an agent has those that are named, such as read_file and list_files", text);
            return;
        }

        if (AgentTools.Map(name) is not { } ours)
        {
            binder.Warning(DiagnosticCodes.UnknownTool, at, $"skep has no tool '{DiagnosticBag.OneLine(name)}'; the agent has it only where a host or an MCP server brings it", text);
            if (ToolForm.IsValid(name) && !draft.Tools.Contains(name)) (draft.Tools, draft.UnknownTools) = ([.. draft.Tools, name], [.. draft.UnknownTools, name]);
            return;
        }

        draft.Tools = [.. draft.Tools.Union(ours, StringComparer.Ordinal)];
        if (open >= 0) Rule(binder, draft, ours, text[(open + 1)..].TrimEnd(')').Trim(), at);
    }

    /// <summary><c>git status:*</c>, <c>git status *</c> and <c>git status</c> all allow commands that begin so.</summary>
    private static void Rule(Binder binder, AgentFileDraft draft, IReadOnlyList<string> tools, string rule, SourceSpan at)
    {
        if (!tools.Contains(AgentTools.RunCommand))
        {
            binder.Warning(DiagnosticCodes.IgnoredKey, at, $"the condition '({DiagnosticBag.OneLine(rule)})' has no effect; the tool reaches what the agent's sandbox allows", rule);
            return;
        }

        var command = rule.EndsWith(":*", StringComparison.Ordinal) ? rule[..^2] : rule.EndsWith('*') ? rule[..^1] : rule;
        if (command.Contains('*', StringComparison.Ordinal) || string.IsNullOrWhiteSpace(command))
            binder.Warning(DiagnosticCodes.IgnoredKey, at, $"'({DiagnosticBag.OneLine(rule)})' allows nothing: name a program, or the arguments that a command must begin with", rule);
        else if (ModelKeys.Command(binder, new YamlScalar(command.Trim(), isPlain: true, at)) is { } allowed && !draft.Commands.Contains(allowed))
            draft.Commands = [.. draft.Commands, allowed];
    }

    private static IEnumerable<(string Text, SourceSpan At)> Items(Binder binder, YamlNode node, string key)
    {
        var items = new List<(string, SourceSpan)>();
        foreach (var item in node is YamlSequence list ? list.Items : [node])
        {
            if (binder.Text(item, key) is not { } text) continue;
            foreach (var part in Split(text))
                items.Add((part, item.Span));
        }

        if (items.Count > MaxTools) binder.Error(DiagnosticCodes.TooLarge, node.Span, $"'{key}' has {items.Count:N0} tools; at most {MaxTools} are allowed");
        return items.Take(MaxTools);
    }

    /// <summary>Splits at commas outside of brackets.</summary>
    private static IEnumerable<string> Split(string text)
    {
        var (start, depth) = (0, 0);
        for (var i = 0; i <= text.Length; i++)
        {
            if (i < text.Length && text[i] == '(') depth++;
            else if (i < text.Length && text[i] == ')') depth--;
            if (i < text.Length && (text[i] != ',' || depth > 0)) continue;
            if (text[start..i].Trim() is { Length: > 0 } part) yield return part;
            start = i + 1;
        }
    }
}
