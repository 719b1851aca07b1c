using System.Text;

namespace Skep.Plans.Reading.Agents;

/// <summary>
/// Agent files that are kept at the end of a plan's text, as comments, so that the text says all that the plan is: a run that goes on later
/// reads the files as they were. YAML is not asked about them; they are taken off before it is read.
/// </summary>
internal static class KeptAgentFiles
{
    /// <summary>The line behind which they stand.</summary>
    public const string Header = "# --- agent files of this plan, kept by skep (1) ---";

    private const string Name = "#@ ";
    private const string Place = "#= ";
    private const string Line = "#| ";

    /// <summary>Takes a text apart into the plan and its files. Lines that are none of ours are reported.</summary>
    public static (string Plan, Dictionary<string, AgentFileText> Files) Split(string text, DiagnosticBag bag)
    {
        var files = new Dictionary<string, AgentFileText>(StringComparer.Ordinal);
        var start = StartOf(text);
        if (start < 0) return (text, files);
        var lines = text[(start + Header.Length)..].Split('\n');
        for (var i = 1; i < lines.Length;)
        {
            if (i == lines.Length - 1 && lines[i].Length == 0) break;
            if (!lines[i].StartsWith(Name, StringComparison.Ordinal) || i + 1 >= lines.Length || !lines[i + 1].StartsWith(Place, StringComparison.Ordinal))
            {
                var line = text.AsSpan(0, start).Count('\n') + 1 + i;
                bag.Error(DiagnosticCodes.BadAgentFile, new SourceSpan(line, 1, 0), "the agent files that are kept below the plan are damaged here; remove everything from their heading on, and they are read from their own files again");
                break;
            }

            var (name, place, end) = (lines[i][Name.Length..], lines[i + 1][Place.Length..], i + 2);
            while (end < lines.Length && lines[end].StartsWith(Line, StringComparison.Ordinal)) end++;
            files[name] = new AgentFileText(place, string.Join('\n', lines[(i + 2)..end].Select(l => l[Line.Length..])));
            i = end;
        }

        return (text[..start], files);
    }

    /// <summary>Puts a text together; without files it is the plan's own.</summary>
    public static string Join(string plan, IReadOnlyDictionary<string, AgentFileText> files)
    {
        if (files.Count == 0) return plan;
        var text = new StringBuilder(plan);
        if (plan.Length > 0 && plan[^1] != '\n') text.Append('\n');
        text.Append(Header).Append('\n');
        foreach (var (name, file) in files.OrderBy(f => f.Key, StringComparer.Ordinal))
        {
            text.Append(Name).Append(name).Append('\n').Append(Place).Append(file.Path).Append('\n');
            foreach (var line in file.Text.Split('\n')) text.Append(Line).Append(line).Append('\n');
        }

        return text.ToString();
    }

    private static int StartOf(string text)
    {
        if (text.StartsWith(Header + "\n", StringComparison.Ordinal)) return 0;
        var at = text.IndexOf("\n" + Header + "\n", StringComparison.Ordinal);
        return at < 0 ? -1 : at + 1;
    }
}
