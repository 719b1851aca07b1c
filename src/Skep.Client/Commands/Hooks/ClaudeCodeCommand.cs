using System.CommandLine;
using System.Text.Json;
using Skep.Orchestration.Hooks;

namespace Skep.Client.Commands.Hooks;

/// <summary><c>skep hooks claude-code</c>: takes an event as JSON on standard input, and answers as Claude Code expects. Whatever goes wrong here blocks nothing.</summary>
internal sealed class ClaudeCodeCommand : Verb
{
    public const string CommandName = "claude-code";

    /// <summary>Characters of a session's id in its agent's name.</summary>
    private const int ShortId = 8;

    /// <summary>How long the tool of somebody who works is held up by an owner that does not answer. Hooks of plans have their own limits.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly CliContext _cli;
    private readonly Option<string?> _dir = CommonOptions.Dir();

    public ClaudeCodeCommand(CliContext cli) : base(CommandName, "Answers an event of Claude Code: JSON on standard input, its answer on standard output.", "cat event.json | skep hooks claude-code")
    {
        _cli = cli;
        Add(_dir);
        SetAction((parsed, cancel) => RunAsync(parsed.GetValue(_dir), cancel));
    }

    private async Task<int> RunAsync(string? dir, CancellationToken cancel)
    {
        CodingCliAnswer answer;
        try
        {
            answer = await AnswerAsync(dir, cancel);
        }
#pragma warning disable CA1031 // a fault of ours must never block the tool of somebody who works
        catch (Exception e)
#pragma warning restore CA1031
        {
            answer = CodingCliAnswer.Problem(e is CliException or StorageException or IOException or UnauthorizedAccessException ? e.Message : $"{e.GetType().Name}: {e.Message}");
        }

        await _cli.Out.WriteAsync(answer.Output);
        await _cli.Error.WriteAsync(answer.Error);
        return answer.ExitCode;
    }

    private async Task<CodingCliAnswer> AnswerAsync(string? dir, CancellationToken cancel)
    {
        var payload = CodingCliPayload.Parse(await ReadAsync(cancel), out var problem);
        if (payload is null) return CodingCliAnswer.Problem(problem ?? "the event cannot be read");
        var mapped = CodingCliHooks.Map(payload);
        var hook = HookCatalog.Find(mapped.Hook) ?? HookCatalog.Find(CodingCliHooks.Event)!;
        var (given, about) = Split(hook, mapped.Arguments);
        var flags = HookFlags.Check(hook, given, out problem);
        if (flags is null) return CodingCliAnswer.Problem(problem!);
        var place = payload.WorkingDirectory is { Length: > 0 } cwd && Directory.Exists(cwd) ? _cli with { Directory = cwd } : _cli;
        var call = new HookCaller(place, hook, flags) { Folder = HookCaller.FolderOf(place, dir), About = about, Agent = AgentOf(payload), Source = HooksFamily.CodingCliSource, Cwd = place.Directory, Patience = Patience };
        return CodingCliAnswer.Write(payload, Decide(hook, await call.SendAsync(cancel)));
    }

    /// <summary>What the hook has flags for, and what is only recorded: who is meant by "agent" in an event is not who calls.</summary>
    private static (Dictionary<string, string> Flags, Dictionary<string, string> About) Split(HookDefinition hook, IReadOnlyDictionary<string, string> arguments)
    {
        var flags = new Dictionary<string, string>(StringComparer.Ordinal);
        var about = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in arguments)
        {
            var isFlag = name is not ("agent" or "agent-id") && hook.Flag(name) is not null;
            (isFlag ? flags : about)[name] = value;
        }

        // Text that is too long for a message is no reason to lose it.
        if (flags.TryGetValue("message", out var message) && message.Length > LedgerLimits.MaxMessage) flags["message"] = message[..LedgerLimits.MaxMessage];
        return (flags, about);
    }

    /// <summary>Each session is an agent of its own, and so is each of its subagents: what one claims binds the others.</summary>
    private string? AgentOf(CodingCliPayload payload)
    {
        if (Identity.Agent(_cli) is { } named) return named;
        if (payload.SessionId is not { Length: > 0 } session) return null;
        var name = "claude-" + session[..Math.Min(session.Length, ShortId)];
        return payload.AgentId is { Length: > 0 } sub ? $"{name}.{sub[..Math.Min(sub.Length, ShortId)]}" : name;
    }

    private static HookDecision Decide(HookDefinition hook, JsonElement answer)
    {
        if (HookText.Get(answer, "verdict") == "block") return HookDecision.Deny(HookText.Get(answer, "reason"));
        var notes = answer.TryGetProperty("notes", out var list) ? string.Join('\n', list.EnumerateArray().Select(n => n.GetString())) : "";
        var told = hook.Name is "session-start" or "session-restore" or CodingCliHooks.Prompt or "pre-edit" ? HookText.Of(answer) : "";
        var context = (notes.Length == 0 ? told : told.Length == 0 ? notes : notes + "\n" + told).TrimEnd();
        return context.Length == 0 ? HookDecision.Allow : HookDecision.WithContext(context);
    }

    /// <summary>Standard input, a little beyond the bound at most: then it is too large, and said to be.</summary>
    private async Task<byte[]> ReadAsync(CancellationToken cancel)
    {
        var most = CodingCliLimits.Default.MaxPayloadBytes + 1;
        using var bytes = new MemoryStream();
        await using var input = _cli.OpenIn();
        var buffer = new byte[64 * 1024];
        for (int read; bytes.Length < most && (read = await input.ReadAsync(buffer, cancel)) > 0;) bytes.Write(buffer, 0, (int)Math.Min(read, most - bytes.Length));
        return bytes.ToArray();
    }
}
