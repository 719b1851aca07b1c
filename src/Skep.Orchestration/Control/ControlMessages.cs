using System.Text.Json;
using System.Text.Json.Serialization;

namespace Skep.Orchestration;

/// <summary>A request to the owner of a folder: one line of JSON on its socket, answered by one line.</summary>
public sealed record ControlRequest
{
    /// <summary>Version of the protocol.</summary>
    public int V { get; init; } = ControlProtocol.Version;

    /// <summary>What to do; see <see cref="ControlOps"/>.</summary>
    public string? Op { get; init; }

    /// <summary>Which run; null for the only live one.</summary>
    public string? Run { get; init; }

    /// <summary>Which task, for requests about one.</summary>
    public string? Task { get; init; }

    /// <summary>Who asks.</summary>
    public string? By { get; init; }

    /// <summary>Reason, answer.</summary>
    public string? Text { get; init; }

    /// <summary>The role that votes on a gate.</summary>
    public string? Role { get; init; }

    /// <summary>Answer to an approval.</summary>
    public bool Approved { get; init; }

    /// <summary>Name of a metric.</summary>
    public string? Name { get; init; }

    /// <summary>Value of a metric.</summary>
    public double Value { get; init; }

    /// <summary>Agent specs, or names of agents.</summary>
    public IReadOnlyList<string>? Agents { get; init; }

    /// <summary>How many.</summary>
    public int Count { get; init; }

    /// <summary>Whether it is to be done although work is left waiting by it.</summary>
    public bool Force { get; init; }

    /// <summary>Names the request itself: the same for every delivery of it.</summary>
    public string? Id { get; init; }

    /// <summary>Arguments of a request to a family (<c>memory.get</c>, <c>hooks.post-edit</c>, …).</summary>
    public JsonElement? Args { get; init; }
}

/// <summary>The answer to a <see cref="ControlRequest"/>.</summary>
public sealed record ControlResponse
{
    /// <summary>Version of the protocol.</summary>
    public int V { get; init; } = ControlProtocol.Version;

    /// <summary>Whether it was carried out, and is durable.</summary>
    public bool Ok { get; init; }

    /// <summary>Why not, for people.</summary>
    public string? Error { get; init; }

    /// <summary>Why not, for programs: one of <see cref="RequestCodes"/>.</summary>
    public string? Code { get; init; }

    /// <summary>What a family answered.</summary>
    public JsonElement? Result { get; init; }

    /// <summary>Whether further elements and the final answer follow.</summary>
    public bool More { get; init; }

    /// <summary>Process id of the owner.</summary>
    public int Pid { get; init; }

    /// <summary>Version of the owner.</summary>
    public string? Version { get; init; }

    /// <summary>Live runs.</summary>
    public IReadOnlyList<string>? Runs { get; init; }
}

/// <summary>The requests that an owner understands.</summary>
public static class ControlOps
{
    /// <summary>Tells who the owner is and what it works on.</summary>
    public const string Ping = "ping";

    /// <summary>Holds a run or a task.</summary>
    public const string Pause = "pause";

    /// <summary>Lets a held run or task go on.</summary>
    public const string Continue = "continue";

    /// <summary>Ends a run or a task.</summary>
    public const string Cancel = "cancel";

    /// <summary>Runs again what failed.</summary>
    public const string Retry = "retry";

    /// <summary>Answers a person's task.</summary>
    public const string Answer = "answer";

    /// <summary>Votes on a gate; <see cref="ControlRequest.Task"/> names it.</summary>
    public const string Approve = "approve";

    /// <summary>Lets a failed gate pass; <see cref="ControlRequest.Task"/> names it.</summary>
    public const string Waive = "waive";

    /// <summary>Spawns <see cref="ControlRequest.Count"/> agents of the one spec in <see cref="ControlRequest.Agents"/>.</summary>
    public const string SpawnAgents = "spawn-agents";

    /// <summary>Lets agents end what they hold and go.</summary>
    public const string DrainAgents = "drain-agents";

    /// <summary>Reports a metric.</summary>
    public const string Metric = "metric";
}

/// <summary>Constants of the protocol.</summary>
public static class ControlProtocol
{
    /// <summary>Version of the messages.</summary>
    public const int Version = 1;

    /// <summary>Longest request, in bytes: a memory value of the largest size in base64, and its surroundings.</summary>
    public const int MaxLine = 2 * 1024 * 1024;

    /// <summary>Longest answer that is read, in bytes. More than a request may have: a page of messages or facts in which each character is escaped.</summary>
    public const int MaxAnswer = 16 * 1024 * 1024;

    /// <summary>Most connections that are served at once; more wait.</summary>
    public const int MaxConnections = 256;

    /// <summary>How long either side waits for the other.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Turns a request into what the queen understands, or says what is wrong with it.</summary>
    public static RunInput? ToInput(ControlRequest request, out string? problem)
    {
        ArgumentNullException.ThrowIfNull(request);
        var by = Text.Shorten(request.By ?? "unknown", 100);
        problem = null;
        switch (request.Op)
        {
            case ControlOps.Pause: return request.Task is null ? new PauseRun(by) : new PauseTask(request.Task, by);
            case ControlOps.Continue: return request.Task is null ? new ContinueRun(by) : new ContinueTask(request.Task, by);
            case ControlOps.Cancel: return request.Task is null ? new CancelRun(by, Text.Shorten(request.Text ?? $"cancelled by {by}", 1000)) : new CancelTask(request.Task, by);
            case ControlOps.Retry: return new RetryTasks(request.Task, by);
            case ControlOps.Answer when request.Task is not null: return new AnswerTask(request.Task, by, request.Approved, Text.Shorten(request.Text ?? "", 16 * 1024));
            case ControlOps.Approve when request is { Task: not null, Role: not null }: return new CastVote(request.Task, request.Role, request.By ?? "", request.Approved, request.Text ?? "");
            case ControlOps.Waive when request.Task is not null: return new WaiveGate(request.Task, request.By ?? "", request.Text ?? "");
            case ControlOps.SpawnAgents when request.Agents is [var spec]: return new SpawnAgents(spec, request.Count, by, request.Id);
            case ControlOps.DrainAgents when request.Agents is { Count: > 0 and <= Queen.MaxAgents } agents: return new DrainAgents(agents, by, request.Force);
            case ControlOps.Metric when request.Name is not null && ReportName.IsValid(request.Name): return new ReportMetric(request.Name, request.Value, request.Task);
            case ControlOps.Metric: problem = $"a metric's name must be {ReportName.Rule}"; return null;
            default: problem = $"unknown request '{Text.Shorten(request.Op ?? "", 40)}'"; return null;
        }
    }
}

/// <summary>Generated JSON code for the protocol.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(ControlRequest))]
[JsonSerializable(typeof(ControlResponse))]
internal sealed partial class ControlJson : JsonSerializerContext;
