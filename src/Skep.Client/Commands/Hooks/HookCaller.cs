using System.Text.Json;
using Skep.Orchestration.Hooks;

namespace Skep.Client.Commands.Hooks;

/// <summary>Sends a call of a hook to the folder's owner, without secrets.</summary>
internal sealed class HookCaller(CliContext cli, HookDefinition hook, HookFlags flags)
{
    /// <summary>Longest value that is sent, in characters. More than is kept of any, and so little that several fit into a request.</summary>
    private const int MaxSent = 64 * 1024;

    /// <summary>The folder.</summary>
    public required SkepFolder Folder { get; init; }

    /// <summary>What is recorded beside the flags.</summary>
    public IReadOnlyDictionary<string, string> About { get; init; } = new Dictionary<string, string>();

    /// <summary>Who calls, where that is not told by flags.</summary>
    public string? Agent { get; init; } = Identity.Agent(cli);

    /// <summary>What calls.</summary>
    public string Source { get; init; } = "cli";

    /// <summary>Where relative paths begin.</summary>
    public string Cwd { get; init; } = cli.Directory;

    /// <summary>How long to wait for the folder's owner; null for as long as everybody does.</summary>
    public TimeSpan? Patience { get; init; }

    /// <summary>What came before the answer, for answers that are too long for one piece.</summary>
    public List<JsonElement> Pieces { get; } = [];

    /// <summary>The folder at hand; made where there is none and none was named.</summary>
    public static SkepFolder FolderOf(CliContext cli, string? dir) =>
        (dir ?? cli.Variable(Folders.Variable)) is { Length: > 0 } ? Folders.Find(cli, dir) : Folders.FindOrCreate(cli, null);

    /// <summary>Sends it and returns the answer.</summary>
    /// <exception cref="CliException">It was refused.</exception>
    public Task<JsonElement> SendAsync(CancellationToken cancel) => FamilyCalls.AskAsync(cli, Folder, "hooks." + hook.Name, Args(), Take, Patience, cancel);

    /// <summary>An owner that asks a plan's hooks first says that it will take a while; only the rest belongs to the answer.</summary>
    private void Take(JsonElement piece)
    {
        if (!piece.TryGetProperty(HooksFamily.Waiting, out _)) Pieces.Add(piece);
    }

    private JsonElement Args()
    {
        var mask = Secrets.MaskerFor(cli.Environment);
        return FamilyCalls.Args(json =>
        {
            Texts(json, "flags", flags.Values, mask);
            if (About.Count > 0) Texts(json, "about", About, mask);
            json.Maybe("agent", Agent);
            json.Maybe("task", Identity.Task(cli));
            json.Maybe("run", Identity.Run(cli));
            json.WriteString("cwd", Cwd);
            json.WriteString("source", Source);
            if (Identity.IsInHook(cli)) json.WriteBoolean("inHook", true);
        });
    }

    private static string Shorten(string text) => text.Length <= MaxSent ? text : text[..(char.IsHighSurrogate(text[MaxSent - 1]) ? MaxSent - 1 : MaxSent)];

    private static void Texts(Utf8JsonWriter json, string name, IReadOnlyDictionary<string, string> values, Func<string, string> mask)
    {
        json.WriteStartObject(name);
        // A path must lead to its file, whatever it looks like; it is masked where it is recorded.
        foreach (var (key, value) in values) json.WriteString(key, key == "file" ? value : Shorten(mask(value)));
        json.WriteEndObject();
    }
}
