namespace Skep.Agents;

/// <summary>
/// An entry of the list of commands that an agent may run: <c>dotnet</c> allows a program with any arguments; <c>git status</c> allows it with these first
/// arguments and plain further ones; <c>git log *</c> with these first arguments and any further ones.
/// <para>
/// Plain arguments are those that do not begin with '-', '@' or '~', are and hold (behind ':', '=' or ',') no absolute path, no '..' as part of a path, and no '://' or '::'. That keeps a
/// model from adding options to a command that was thought to be harmless. It does not make a program safe: what a program does with a file that the model
/// wrote, or with its own configuration, is up to the program. Who allows a shell, an interpreter or a build tool allows everything that the user may do.
/// </para>
/// </summary>
public sealed class CommandRule
{
    /// <summary>Longest entry, in characters.</summary>
    public const int MaxLength = 1000;

    private readonly IReadOnlyList<string> _fixed;
    private readonly bool _open;

    private CommandRule(string text, IReadOnlyList<string> words, bool open) => (Text, Program, _fixed, _open) = (text, words[0], [.. words.Skip(1)], open);

    /// <summary>The entry as it was written.</summary>
    public string Text { get; }

    /// <summary>Name of the program.</summary>
    public string Program { get; }

    /// <summary>Reads an entry.</summary>
    /// <exception cref="FormatException">It cannot be one; the message says why.</exception>
    public static CommandRule Parse(string entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        var words = entry.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToList();
        var shown = Orchestration.Text.Shorten(Untrusted.Clean(entry), 80);
        if (entry.Length > MaxLength) throw new FormatException($"the allowed command '{shown}' has {entry.Length} characters; at most {MaxLength} are allowed");
        var star = words.Count > 1 && words[^1] == "*";
        if (star) words.RemoveAt(words.Count - 1);
        if (words.Count == 0) throw new FormatException("an allowed command is empty: write a program such as 'dotnet', or 'git status'");
        if (!words[0].All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '+' or '-') || words[0][0] is '.' or '-')
            throw new FormatException($"the allowed command '{shown}' must begin with the name of a program in PATH: letters, digits and . _ + -, without a folder");
        if (words.Exists(w => w.Contains('*') || w.Any(char.IsControl))) throw new FormatException($"in the allowed command '{shown}' a '*' may only stand alone at the end");
        return new CommandRule(entry, words, star || words.Count == 1);
    }

    /// <summary>Why it does not allow a command, or null when it does. Names are compared letter by letter.</summary>
    internal string? Refusal(IReadOnlyList<string> argv)
    {
        if (argv[0] != Program || argv.Count <= _fixed.Count || !argv.Skip(1).Take(_fixed.Count).SequenceEqual(_fixed)) return "is not on the list";
        if (_open) return null;
        foreach (var argument in argv.Skip(1 + _fixed.Count))
            if (!IsPlain(argument)) return $"has the argument '{Orchestration.Text.Shorten(argument, 60)}', and '{Text}' allows only plain ones after it: no options, no paths out of the folder, no addresses";
        return null;
    }

    private static bool IsPlain(string argument) =>
        argument.Length > 0 && argument[0] is not ('-' or '@' or '~' or '/')
        && !argument.Contains("::", StringComparison.Ordinal) && !argument.Contains("://", StringComparison.Ordinal)
        && !argument.Split('/', ':', '=').Contains("..")
        // Also not behind a name: if=/etc/passwd, file:/etc/passwd, data=@file.
        && !argument.Split(':', '=', ',').Skip(1).Any(part => part is ['@' or '~' or '/', ..]);
}
