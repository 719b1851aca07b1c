using System.Text.Json;

namespace Skep.Orchestration.Hooks;

/// <summary>A call of a hook, checked.</summary>
internal sealed record HookCall
{
    public required HookDefinition Hook { get; init; }

    public required HookFlags Flags { get; init; }

    /// <summary>What the caller tells beside the flags, to be recorded with the fact.</summary>
    public required IReadOnlyDictionary<string, string> About { get; init; }

    /// <summary>Names this request.</summary>
    public required string Request { get; init; }

    /// <summary>The person or program behind the request.</summary>
    public required string By { get; init; }

    public string? Session { get; init; }

    public string? Agent { get; init; }

    public string? Task { get; init; }

    public string? Run { get; init; }

    public string? Cwd { get; init; }

    public string? Source { get; init; }

    /// <summary>Whether a plan's hook calls: then no plan's hooks are called again.</summary>
    public bool InHook { get; init; }

    /// <summary>Sends a piece of an answer that is too long for one.</summary>
    public required Func<JsonElement, CancellationToken, ValueTask> SendAsync { get; init; }

    /// <summary>Reads a request.</summary>
    /// <exception cref="RequestException">There is no such hook, it is refused, or its arguments are wrong.</exception>
    public static HookCall Read(FamilyRequest request)
    {
        if (HookCatalog.Find(request.Op) is not { } hook) throw new RequestException(RequestCodes.NotFound, UnknownHook(request.Op));
        if (hook.Missing is { } missing) throw new RequestException(RequestCodes.Refused, $"the hook '{hook.Name}' is not there yet: {missing}");
        var args = new JsonArgs(request.Args);
        var flags = HookFlags.Check(hook, args.Texts("flags"), out var problem) ?? throw new RequestException(RequestCodes.BadRequest, problem!);
        string? Named(string what, params ReadOnlySpan<string> names)
        {
            foreach (var name in names)
                if (flags.Text(name) is { } value) return Names.Require(value, what);
            return args.Name(what);
        }

        var (agent, run) = (Named("agent", "agent", "agent-id", "teammate-id"), Named("run", "run-id"));
        return new HookCall
        {
            Hook = hook,
            Flags = flags,
            About = args.Texts("about"),
            Request = request.Id.Length is > 0 and <= LedgerLimits.MaxName ? request.Id : RequestIds.Next(),
            Session = Named("session", "session-id") ?? (run is not null && agent is not null ? $"{run}/{agent}" : null),
            Agent = agent,
            Task = Named("task", "task-id"),
            Run = run,
            Cwd = args.Text("cwd", LedgerLimits.MaxSubject),
            Source = args.Name("source"),
            InHook = args.Flag("inHook"),
            SendAsync = request.SendAsync,
            By = request.By,
        };
    }

    /// <summary>What to say about a name that no hook has.</summary>
    public static string UnknownHook(string name) =>
        $"there is no hook '{Text.Shorten(name, 60)}': {Plans.Suggestion.Hint(name, [.. HookCatalog.All.Where(h => !h.Internal).Select(h => h.Name)], "the hooks")}";

    /// <summary>The file that it is about: absolute, and without links.</summary>
    public string File(string project) => RealPath.Of(Path.GetFullPath(Flags.Text("file")!, Cwd is { } cwd && Path.IsPathRooted(cwd) ? cwd : project));

    /// <summary>The fact that it leaves, with all flags that are not told otherwise.</summary>
    public NewFact Fact(string? subject, Action<Utf8JsonWriter>? more = null, params IReadOnlyList<string> without) => new(Hook.Kind, Request)
    {
        Session = Session,
        Agent = Agent,
        Task = Task,
        Run = Run,
        Source = Source,
        Cwd = Cwd,
        Subject = subject is null ? null : Text.Shorten(Secrets.MaskTokens(subject), LedgerLimits.MaxSubject),
        Success = Flags.Switch("success"),
        Data = JsonBuild.Text(json => WriteData(json, more, without)),
    };

    private void WriteData(Utf8JsonWriter json, Action<Utf8JsonWriter>? more, IReadOnlyList<string> without)
    {
        var room = LedgerLimits.MaxPayload;
        foreach (var (name, value) in Flags.Values.Where(v => HookCatalog.Common.All(c => c.Name != v.Key) && !without.Contains(v.Key, StringComparer.Ordinal)).Concat(About))
        {
            var kept = Text.Shorten(Secrets.MaskTokens(value), Math.Clamp(room, 1, LedgerLimits.MaxValue));
            room -= kept.Length;
            json.WriteString(Text.Shorten(name, LedgerLimits.MaxName), kept);
        }

        more?.Invoke(json);
    }
}
