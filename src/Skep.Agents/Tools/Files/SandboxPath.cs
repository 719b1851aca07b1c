using System.Globalization;
using System.Text;

namespace Skep.Agents.Tools;

/// <summary>A path within a sandbox as a model gave it, taken apart: names only, no way up, nothing that means something elsewhere.</summary>
internal sealed class SandboxPath
{
    /// <summary>Longest path, in characters.</summary>
    public const int MaxLength = 1024;

    /// <summary>Longest name, in bytes of UTF-8; what file systems take.</summary>
    public const int MaxName = 255;

    /// <summary>Most names in a path.</summary>
    public const int MaxDepth = 32;

    private SandboxPath(IReadOnlyList<string> names) => Names = names;

    /// <summary>The folder itself.</summary>
    public static SandboxPath Root { get; } = new([]);

    /// <summary>The names, from the root down.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Names with slashes between; "." for the root.</summary>
    public string Text => Names.Count == 0 ? "." : string.Join('/', Names);

    /// <summary>The last name.</summary>
    public string Name => Names[^1];

    /// <summary>A path of something in this folder, with a name that was found there.</summary>
    public SandboxPath In(string name) => new([.. Names, name]);

    /// <summary>Reads the path of a file.</summary>
    /// <exception cref="ToolRefusal">It cannot be one.</exception>
    public static SandboxPath OfFile(string path) => Parse(path) is { Names.Count: > 0 } file ? file : throw Refuse(path, "names the folder itself; name a file in it, such as 'src/a.txt'");

    /// <summary>Reads a path.</summary>
    /// <exception cref="ToolRefusal">It leaves the folder, or is none.</exception>
    public static SandboxPath Parse(string path)
    {
        if (path.Length > MaxLength) throw Refuse(path, $"has {path.Length} characters; at most {MaxLength} are allowed");
        if (Problem(path) is { } problem) throw Refuse(path, problem);
        var names = path.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(n => n != ".").ToList();
        if (names.Count > MaxDepth) throw Refuse(path, $"is {names.Count} levels deep; at most {MaxDepth} are allowed");
        foreach (var name in names)
            if (NameProblem(name) is { } fault) throw Refuse(path, fault);
        return new SandboxPath(names);
    }

    private static string? Problem(string path)
    {
        if (path.StartsWith('/')) return "is absolute; write it relative to your folder, such as 'src/a.txt'";
        if (path.StartsWith('~')) return "begins with '~'; write it relative to your folder, such as 'src/a.txt'";
        if (path.Contains('\\')) return "holds a backslash; write '/' between names";
        if (path.Contains("://", StringComparison.Ordinal) || path.StartsWith("file:", StringComparison.OrdinalIgnoreCase)) return "is an address; only files of your folder can be named";
        if (path.Length > 1 && char.IsAsciiLetter(path[0]) && path[1] == ':') return "begins with a drive; write it relative to your folder";
        // Nothing here decodes these; who writes them means to get past a check.
        foreach (var code in (string[])["%2e", "%2f", "%5c", "%00", "%25"])
            if (path.Contains(code, StringComparison.OrdinalIgnoreCase)) return $"holds '{code}'; paths are not decoded, write them plainly";
        return null;
    }

    private static string? NameProblem(string name)
    {
        if (name == "..") return "leaves the folder by '..'; only files below your folder can be named";
        if (Encoding.UTF8.GetByteCount(name) > MaxName) return $"holds a name of {Encoding.UTF8.GetByteCount(name)} bytes; at most {MaxName} are allowed";
        if (name[^1] is ' ' or '.' || name[0] == ' ') return "holds a name with a blank at its beginning, or a blank or '.' at its end; such names are mistaken for others";
        foreach (var rune in name.EnumerateRunes())
        {
            if (rune == Rune.ReplacementChar || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
                return "holds a control character or one that is not shown; use plain letters";
        }

        return null;
    }

    private static ToolRefusal Refuse(string path, string why) => new($"the path '{Orchestration.Text.Shorten(Untrusted.Clean(path), 80)}' {why}");
}
