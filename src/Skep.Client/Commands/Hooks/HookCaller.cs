using System.Text.Json;
using Skep.Orchestration.Hooks;

namespace Skep.Client.Commands.Hooks;

/// <summary>Sends a call of a hook to the folder's owner, without secrets.</summary>
internal sealed class HookCaller(CliContext cli, HookDefinition hook, HookFlags flags)
{
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

    /// <summary>What came before the answer, for answers that are too long for one piece.</summary>
    public List<JsonElement> Pieces { get; } = [];

    /// <summary>The folder at hand; made where there is none and none was named.</summary>
    public static SkepFolder FolderOf(CliContext cli, string? dir) =>
        (dir ?? cli.Variable(Folders.Variable)) is { Length: > 0 } ? Folders.Find(cli, dir) : Folders.FindOrCreate(cli, null);

    /// <summary>Sends it and returns the answer.</summary>
    /// <exception cref="CliException">It was refused.</exception>
    public Task<JsonElement> SendAsync(CancellationToken cancel) => FamilyCalls.AskAsync(cli, Folder, "hooks." + hook.Name, Args(), Pieces.Add, cancel);

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

    private static void Texts(Utf8JsonWriter json, string name, IReadOnlyDictionary<string, string> values, Func<string, string> mask)
    {
        json.WriteStartObject(name);
        // A path must lead to its file, whatever it looks like; it is masked where it is recorded.
        foreach (var (key, value) in values) json.WriteString(key, key == "file" ? value : mask(value));
        json.WriteEndObject();
    }
}
