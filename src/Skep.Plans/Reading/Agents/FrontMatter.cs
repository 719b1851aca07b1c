using System.Text;

namespace Skep.Plans.Reading.Agents;

/// <summary>
/// Takes an agent file apart: YAML between two lines <c>---</c>, then Markdown. The YAML keeps its place in the file by a blank line
/// in front of it, so that positions are those of the file.
/// </summary>
/// <param name="Yaml">The front matter, with a blank line for the first <c>---</c>.</param>
/// <param name="Body">What follows, without blank lines at its ends.</param>
internal readonly record struct FrontMatter(string Yaml, string Body)
{
    private const string Fence = "---";

    /// <summary>Whether nothing but comments stands between the lines.</summary>
    public bool IsEmpty => Yaml.Split('\n').All(l => string.IsNullOrWhiteSpace(l) || l.TrimStart()[0] == '#');

    /// <summary>Keys whose values coding CLIs take as they stand, colons and all.</summary>
    private static readonly string[] PlainKeys = ["name", "description", "role", "color"];

    /// <summary>Whether the first line is the one that front matter begins with.</summary>
    public static bool Begins(string text)
    {
        var rest = text.AsSpan(text.Length > 0 && text[0] == '\uFEFF' ? 1 : 0);
        var end = rest.IndexOf('\n');
        return end >= 0 && rest[..end].TrimEnd().SequenceEqual(Fence);
    }

    /// <summary>Splits a text; null, with an error, when it has no front matter.</summary>
    public static FrontMatter? Split(string text, DiagnosticBag bag)
    {
        var lines = (text.Length > 0 && text[0] == '\uFEFF' ? text[1..] : text).Split('\n');
        if (!IsFence(lines[0]))
        {
            bag.Error(DiagnosticCodes.BadAgentFile, new SourceSpan(1, 1, 0), "an agent file begins with a line '---', keys such as 'name: researcher', and a second line '---'; the system prompt follows");
            return null;
        }

        var end = Array.FindIndex(lines, 1, IsFence);
        if (end < 0)
        {
            bag.Error(DiagnosticCodes.BadAgentFile, new SourceSpan(1, 1, 3), "the front matter that begins here is not closed; write a line '---' between the keys and the system prompt");
            return null;
        }

        var yaml = new StringBuilder();
        for (var i = 1; i < end; i++) yaml.Append('\n').Append(Quoted(lines[i], i + 1 < end ? lines[i + 1] : ""));
        return new FrontMatter(yaml.Append('\n').ToString(), string.Join('\n', lines.Skip(end + 1)).Replace("\r\n", "\n", StringComparison.Ordinal).Trim());
    }

    /// <summary>Coding CLIs read "description: Use it when: …" as one text, which YAML does not; such a value is put into quotes.</summary>
    private static string Quoted(string line, string next)
    {
        var colon = line.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0 || !PlainKeys.Contains(line[..colon])) return line;
        var value = line[(colon + 1)..].Trim();
        var isPlain = value.Length > 0 && (char.IsLetterOrDigit(value[0]) || value[0] is '(' or '<' or '_' or '*' or '/');
        var continues = next.Length > 0 && char.IsWhiteSpace(next[0]) && !string.IsNullOrWhiteSpace(next);
        var isOdd = value.Contains(": ", StringComparison.Ordinal) || value.Contains(" #", StringComparison.Ordinal) || value.EndsWith(':') || value.StartsWith('*');
        return isPlain && isOdd && !continues ? $"{line[..colon]}: '{value.Replace("'", "''", StringComparison.Ordinal)}'" : line;
    }

    private static bool IsFence(string line) => line.AsSpan().TrimEnd().SequenceEqual(Fence);
}
