using System.CommandLine;

namespace Skep.Client.Commands.Memory;

/// <summary>Arguments and options that several memory commands share.</summary>
internal static class MemoryOptions
{
    public static Argument<string> Path() => new("PATH") { Description = "Name of the entry, such as swarm/worker-1/status; without a '/' it is in the namespace 'default'." };

    public static Argument<string?> Prefix() => new("PREFIX")
    {
        Description = "Which entries: a/b means the entry a/b and all beneath it, a/b* all that begin so. All, unless given.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    public static Option<string?> Namespace() => new("--namespace", "-n") { Description = "Namespace that is put before the name.", HelpName = "NS" };

    public static Option<long?> IfVersion(string description) => new("--if-version") { Description = description, HelpName = "N" };

    public static Option<int?> Limit() => new("--limit") { Description = "Most entries that are written; all unless given.", HelpName = "N" };

    /// <summary>A name with its namespace.</summary>
    public static string Join(string? space, string path) => space is { Length: > 0 } ? $"{space.TrimEnd('/')}/{path}" : path;
}
