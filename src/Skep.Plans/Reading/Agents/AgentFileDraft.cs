using Skep.Plans.Reading.Binding;

namespace Skep.Plans.Reading.Agents;

/// <summary>An agent file while it is read.</summary>
internal sealed class AgentFileDraft(AgentSpec spec) : AgentDraft(spec)
{
    public string? Name { get; set; }

    public SourceSpan NameAt { get; set; }

    public string? Description { get; set; }

    public string? Type { get; set; }

    public bool HasTools { get; set; }

    public IReadOnlyList<string> Tools { get; set; } = [];

    public IReadOnlyList<string> UnknownTools { get; set; } = [];

    public HashSet<string> Denied { get; } = new(StringComparer.Ordinal);

    public IReadOnlyList<AllowedCommand> Commands { get; set; } = [];

    /// <summary>Puts the parts together: what is written under our keys wins over what coding CLIs call it.</summary>
    public AgentSpec Finish(Binder binder, string body, string fallbackName)
    {
        if (body.Length > 0 && Spec.SystemPrompt is not null)
            binder.Error(DiagnosticCodes.ConflictingKeys, new SourceSpan(1, 1, 0), "the file has a key 'system' and a text below the front matter, which are the same; keep one of them");
        var system = body.Length > 0 ? body : Spec.SystemPrompt;
        if (system is null) binder.Warning(DiagnosticCodes.NothingToDo, new SourceSpan(1, 1, 0), "the agent has no system prompt; write it below the front matter");
        if ((Spec.Role ?? Description) is null) binder.Warning(DiagnosticCodes.MissingKey, new SourceSpan(1, 1, 0), "the agent says nothing about what it is for; add 'description', by which it is found");
        if (!HasTools) binder.Warning(DiagnosticCodes.NoTools, new SourceSpan(1, 1, 0), "the agent names no tools and so has none, where coding CLIs would give it all; add 'tools'");
        var tools = Tools.Where(t => !Denied.Contains(t)).ToList();
        return Spec with
        {
            Id = Name ?? fallbackName,
            Kind = Spec.Kind ?? Type,
            Role = Spec.Role ?? Description,
            SystemPrompt = system,
            Tools = tools,
            Commands = [.. Spec.Commands, .. Commands.Except(Spec.Commands)],
            At = NameAt,
        };
    }
}
