namespace Skep.Plans;

/// <summary>A command that an agent may start: a program, or a program with arguments that it must begin with.</summary>
/// <param name="Argv">Program and leading arguments; at least one, none of them empty.</param>
public sealed record AllowedCommand(IReadOnlyList<string> Argv)
{
    /// <summary>Whether it allows a command: the command begins with all of these arguments, compared as they are.</summary>
    public bool Allows(IReadOnlyList<string> argv)
    {
        ArgumentNullException.ThrowIfNull(argv);
        return argv.Count >= Argv.Count && Argv.Select((argument, i) => argument == argv[i]).All(same => same);
    }

    /// <inheritdoc />
    public bool Equals(AllowedCommand? other) => other is not null && Argv.SequenceEqual(other.Argv);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(Argv.Count, Argv.Count > 0 ? Argv[0] : null);

    /// <summary>The command on one line, for people.</summary>
    public override string ToString() => string.Join(' ', Argv);
}
