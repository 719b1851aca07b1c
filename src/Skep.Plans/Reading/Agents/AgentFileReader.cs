using Skep.Plans.Reading;
using Skep.Plans.Reading.Agents;
using Skep.Plans.Reading.Binding;
using Skep.Plans.Reading.Text;
using Skep.Plans.Reading.Yaml;

namespace Skep.Plans;

/// <summary>
/// Reads agent files: Markdown with YAML front matter, as coding CLIs keep them. What such a file says to other programs and has no effect here
/// is told as a warning, never dropped silently.
/// </summary>
public static class AgentFileReader
{
    /// <summary>Longest file, in UTF-16 units: 256 Ki.</summary>
    public const int MaxChars = 256 * 1024;

    private static readonly PlanLimits Limits = new() { MaxChars = MaxChars, MaxDepth = 16, MaxNodes = 10_000, MaxDiagnostics = 50 };

    /// <summary>Whether a text begins as an agent file does; one that does not is text about agents.</summary>
    public static bool HasFrontMatter(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return FrontMatter.Begins(text);
    }

    /// <summary>Reads a file. Never throws for what stands in it.</summary>
    /// <param name="text">Its text.</param>
    /// <param name="path">Where it was found; its name is the agent's name unless the file says another.</param>
    public static AgentFileResult Read(string text, string path)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(path);
        var bag = new DiagnosticBag(Limits.MaxDiagnostics);
        var file = TextCheck.Check(text, Limits, bag, "agent file") ? ReadParts(text, path, bag) : null;
        return new AgentFileResult(bag.HasErrors ? null : file, [.. bag.ToList().Select(d => d with { File = path })]);
    }

    private static AgentFile? ReadParts(string text, string path, DiagnosticBag bag)
    {
        if (FrontMatter.Split(text, bag) is not { } parts) return null;
        var draft = new AgentFileDraft(new AgentSpec { Id = "", Executor = ExecutorKinds.Chat });
        var binder = new Binder(bag);
        if (parts.IsEmpty) bag.Warning(DiagnosticCodes.MissingKey, new SourceSpan(1, 1, 0), "the front matter is empty; add 'name' and 'description'");
        else if (YamlTreeReader.Read(parts.Yaml, Limits, bag) is not { } root || !AgentFileKeys.Table.Bind(binder, root, draft)) return null;
        var spec = draft.Finish(binder, parts.Body, NameOf(path));
        if (!Identifier.IsValid(spec.Id) && draft.Name is null)
            bag.Error(DiagnosticCodes.BadId, new SourceSpan(1, 1, 0), $"the file's name is no name for an agent; add 'name: {Identifier.Repair(spec.Id) ?? "NAME"}'", spec.Id);
        return new AgentFile(spec, path, text) { UnknownTools = [.. draft.UnknownTools.Where(spec.Tools.Contains)] };
    }

    private static string NameOf(string path) => Path.GetFileNameWithoutExtension(path.Split('/', '\\')[^1]);
}
