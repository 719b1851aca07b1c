using Skep.Plans.Expressions;

namespace Skep.Plans.Reading.Text;

/// <summary>Recognises what only a shell would understand, so that a plan's author hears of it before the run does something else.</summary>
internal static class ShellSyntax
{
    private static readonly string[] Operators = ["|", "||", "&&", "&", ";", ">", ">>", "<", "<<", "2>", "2>&1", ">&2", "&>", "2>>"];
    private static readonly string[] ScopedRoots = ["vars", "tasks", "memory", "run", "plan", "env"];

    /// <summary>The first unquoted argument that looks like shell syntax, or null.</summary>
    public static Argument? Find(IReadOnlyList<Argument> arguments)
    {
        foreach (var argument in arguments)
        {
            if (argument.IsQuoted) continue;
            var text = argument.Text;
            var isVariable = text.Length > 1 && text[0] == '$' && (char.IsAsciiLetter(text[1]) || text[1] is '_' or '(');
            if (isVariable || Array.IndexOf(Operators, text) >= 0 || (text.Length > 1 && text[^1] == ';') || (text[0] == '`')) return argument;
        }

        return null;
    }

    /// <summary>The offset of an expression of ours inside a script, or -1. A shell's own <c>${NAME}</c> is none.</summary>
    public static int FindExpression(string script, bool hasItem, out string found)
    {
        found = "";
        for (var at = script.IndexOf("${", StringComparison.Ordinal); at >= 0; at = script.IndexOf("${", at + 2, StringComparison.Ordinal))
        {
            var rest = script.AsSpan(at + 2).TrimStart();
            if (!IsOurs(rest, hasItem)) continue;
            var end = script.IndexOf('}', at);
            found = end < 0 ? script[at..] : script[at..(end + 1)];
            return at;
        }

        return -1;
    }

    private static bool IsOurs(ReadOnlySpan<char> inside, bool hasItem)
    {
        foreach (var root in ScopedRoots)
            if (Begins(inside, root, ".[")) return true;
        foreach (var function in Functions.Arity.Keys)
            if (Begins(inside, function, "(")) return true;
        return hasItem && Begins(inside, "item", ".[}");
    }

    private static bool Begins(ReadOnlySpan<char> text, string word, string followers) =>
        text.StartsWith(word) && text.Length > word.Length && followers.Contains(text[word.Length], StringComparison.Ordinal);
}
