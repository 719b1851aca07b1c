namespace Skep.Plans.Reading.Agents;

/// <summary>
/// The agent files of one plan: those that are kept in its text first, then those that can be found. Whatever is used is remembered, so that
/// the plan's text can be made self-contained.
/// </summary>
internal sealed class AgentFileLoader(IReadOnlyDictionary<string, AgentFileText> kept, IAgentFiles? files)
{
    private const int MaxFiles = 1_000;

    /// <summary>Most characters of all files together: they are stored with every run.</summary>
    private const int MaxChars = 8 * 1024 * 1024;

    /// <summary>What only the author of the file can mend, or what the plan may have overridden, is said once or by the rules.</summary>
    private static readonly string[] Quiet = [DiagnosticCodes.IgnoredKey, DiagnosticCodes.UnknownTool, DiagnosticCodes.NoTools, DiagnosticCodes.NoProvider];
    private readonly Dictionary<string, AgentFileText> _used = new(StringComparer.Ordinal);
    private int _chars;
    private readonly Dictionary<string, AgentFile?> _read = new(StringComparer.Ordinal);

    /// <summary>The files that were used, by what the plan calls them.</summary>
    public IReadOnlyDictionary<string, AgentFileText> Used => _used;

    /// <summary>Reads the file of a reference; null, with findings, when it cannot be used.</summary>
    public AgentFile? Load(string reference, SourceSpan at, DiagnosticBag bag)
    {
        if (_read.TryGetValue(reference, out var known)) return known;
        if (Open(reference, at, bag) is not { } text) return _read[reference] = null;
        _used[reference] = text;
        _chars += text.Text.Length;
        var result = AgentFileReader.Read(text.Text, text.Path);
        Tell(result, reference, at, bag);
        return _read[reference] = result.File;
    }

    private AgentFileText? Open(string reference, SourceSpan at, DiagnosticBag bag)
    {
        try
        {
            if (reference.Any(char.IsControl)) throw new AgentFileException("the name of an agent file has no control characters; write a path such as agents/researcher.md");
            if (kept.TryGetValue(reference, out var text)) return text;
            if (_read.Count >= MaxFiles) throw new AgentFileException($"a plan uses at most {MaxFiles:N0} agent files");
            if (files is null) throw new AgentFileException($"the agent file '{DiagnosticBag.OneLine(reference)}' is not part of this text, and files are not looked for here; write the agent out in the plan");
            return Bounded(files.Open(reference));
        }
        catch (AgentFileException e)
        {
            bag.Error(DiagnosticCodes.BadAgentFile, at, e.Message, reference);
            return null;
        }
    }

    private AgentFileText Bounded(AgentFileText file)
    {
        if (file.Path.Any(char.IsControl)) throw new AgentFileException($"the path '{DiagnosticBag.OneLine(file.Path)}' of an agent file has control characters; rename the file");
        return _chars + (long)file.Text.Length <= MaxChars ? file : throw new AgentFileException($"the agent files of a plan have more than {MaxChars:N0} characters together; use fewer or shorter ones");
    }

    /// <summary>Findings of the file count as the plan's; what it says to other programs is told in one line.</summary>
    private static void Tell(AgentFileResult result, string reference, SourceSpan at, DiagnosticBag bag)
    {
        foreach (var finding in result.Diagnostics.Where(d => !Quiet.Contains(d.Code))) bag.Add(finding);
        var ignored = result.Diagnostics.Where(d => d.Code == DiagnosticCodes.IgnoredKey).Select(d => d.Offender).OfType<string>().Distinct().ToList();
        if (ignored.Count > 0)
            bag.Warning(DiagnosticCodes.IgnoredKey, at, $"of the agent file these have no effect: {string.Join(", ", ignored.Take(8))}{(ignored.Count > 8 ? " and more" : "")}; 'skep agents check' says why", reference);
    }
}
