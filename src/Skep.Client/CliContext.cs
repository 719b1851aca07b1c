using System.Collections;
using System.Security.Cryptography;
using Skep.Client.Terminal;

namespace Skep.Client;

/// <summary>Everything outside of the program that a command touches: streams, terminal, environment, clock, signals. Tests bring their own.</summary>
internal sealed record CliContext
{
    /// <summary>Results go here.</summary>
    public required TextWriter Out { get; init; }

    /// <summary>Diagnostics and errors go here.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>Answers to questions come from here.</summary>
    public required TextReader In { get; init; }

    /// <summary>Opens standard output for bytes; <see cref="Out"/> is flushed before.</summary>
    public Func<Stream> OpenOut { get; init; } = Console.OpenStandardOutput;

    /// <summary>Opens standard input for bytes.</summary>
    public Func<Stream> OpenIn { get; init; } = Console.OpenStandardInput;

    /// <summary>The command line: groups of many commands build only what it names.</summary>
    public IReadOnlyList<string> Args { get; init; } = [];

    /// <summary>The current directory.</summary>
    public required string Directory { get; init; }

    /// <summary>Environment variables.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>What the streams are connected to.</summary>
    public required ITerminal Terminal { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Ctrl-C and its kin.</summary>
    public ISignals Signals { get; init; } = new NoSignals();

    /// <summary>The random end of a run id.</summary>
    public Func<string> RunSuffix { get; init; } = RandomSuffix;

    /// <summary>Leaves the process at once.</summary>
    public Action<int> ExitNow { get; init; } = System.Environment.Exit;

    /// <summary>Last word on the host's settings.</summary>
    public Func<SkepHostOptions, SkepHostOptions> ConfigureHost { get; init; } = options => options;

    /// <summary>How results are coloured.</summary>
    public Palette Colours => Palette.For(Terminal.OutIsTerminal && !PrefersPlain);

    /// <summary>Whether the environment asks for plain text.</summary>
    public bool PrefersPlain => Variable("NO_COLOR") is { Length: > 0 } || Variable("TERM") == "dumb" || Variable("CI") is { Length: > 0 } and not ("false" or "0");

    /// <summary>An environment variable, or null.</summary>
    public string? Variable(string name) => Environment.GetValueOrDefault(name);

    /// <summary>A path made absolute against the current directory.</summary>
    public string FullPath(string path) => Path.GetFullPath(path, Directory);

    /// <summary>Who asks, in control requests.</summary>
    public string Who => Variable("USER") ?? Variable("USERNAME") ?? "cli";

    /// <summary>The real one.</summary>
    public static CliContext OfProcess() => new()
    {
        // A file that cannot take the results is an error; a terminal that was closed is not.
        Out = Console.IsOutputRedirected ? Console.Out : TextWriter.Synchronized(new LenientWriter(Console.Out)),
        Error = TextWriter.Synchronized(new LenientWriter(Console.Error)),
        In = Console.In,
        Directory = System.IO.Directory.GetCurrentDirectory(),
        Environment = System.Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(e => (string)e.Key, e => (string?)e.Value ?? "", StringComparer.Ordinal),
        Terminal = new ProcessTerminal(),
        Signals = new ProcessSignals(),
    };

    private static string RandomSuffix() => RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz234567", RunIds.SuffixLength);
}
