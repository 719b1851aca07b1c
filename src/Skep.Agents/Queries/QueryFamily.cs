using System.Text.Json;
using Skep.Orchestration;
using Skep.Orchestration.Hooks;

namespace Skep.Agents.Queries;

/// <summary>
/// Requests <c>query.OP</c>, OP being one of <see cref="QueryOps"/>: arguments <c>query</c> (its id) and <c>argument</c>. Each is a durable row
/// before it is carried out; the answer says what came of it, or that it is still to be taken.
/// </summary>
internal sealed class QueryFamily(SkepHost host, QueryStore store, QueryDesk desk, BudgetDesk budgets) : IRequestFamily
{
    /// <summary>How long a query's next safe point is waited for.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <inheritdoc />
    public string Name => "query";

    /// <inheritdoc />
    public async Task<JsonElement> HandleAsync(FamilyRequest request, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(request);
        var asked = Read(request);
        var row = await store.AskAsync(request.Id, asked.Query, asked.Op, asked.Argument, request.By, cancel);
        if (asked.Op == QueryOps.Budget) return Answer(row, await RaiseAsync(asked.Query, BudgetRaise.Parse(asked.Argument, out _)!, row, cancel));
        if (desk.IsLive(asked.Query))
        {
            var outcome = await desk.WaitAsync(asked.Query, () => store.Control(row)?.Outcome, Patience, host.Time, cancel);
            // Unless it went away before it took it.
            if (outcome is not null || desk.IsLive(asked.Query)) return Answer(row, outcome);
        }

        return Answer(row, await AwayAsync(asked, row, request.By, cancel));
    }

    private static (string Query, string Op, string? Argument) Read(FamilyRequest request)
    {
        string? Member(string name) => request.Args.ValueKind == JsonValueKind.Object && request.Args.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        var query = Member("query") ?? throw Bad("which query? 'query' is missing");
        if (!QueryOps.All.Contains(request.Op)) throw Bad($"a query knows no '{request.Op}'; it knows {string.Join(", ", QueryOps.All)}");
        var argument = Member("argument");
        if (argument?.Length > QueryControls.MaxArgument) throw new RequestException(RequestCodes.TooLarge, $"the argument is longer than {QueryControls.MaxArgument} characters");
        if (request.Op == QueryOps.Permission && PermissionModes.Find(argument) is null) throw Bad($"there is no permission mode '{argument}': {string.Join(", ", PermissionModes.All)}");
        if (request.Op is QueryOps.Model or QueryOps.Say && string.IsNullOrWhiteSpace(argument)) throw Bad($"'{request.Op}' needs an argument");
        if (request.Op == QueryOps.Budget && BudgetRaise.Parse(argument, out var problem) is null) throw Bad(problem!);
        return (query, request.Op, argument);
    }

    /// <summary>A limit belongs to the run, not to the query: it is raised at once, whoever works on what.</summary>
    private async Task<string> RaiseAsync(string query, BudgetRaise raise, long row, CancellationToken cancel)
    {
        // Sent again: the first answer holds.
        if (store.Control(row)?.Outcome is { } before) return before;
        if (store.Find(query) is not { } known) return await SettleAsync(row, $"refused: {query} is no conversation with a model that has begun; 'skep query list --all' shows them", cancel);
        var plan = RunReader.Load(host.Store, host.Blobs, known.Run).Plan;
        return await SettleAsync(row, budgets.Raise(plan, known, raise), cancel);
    }

    /// <summary>Nobody works on it here: what the queen keeps is told to her, the rest waits until somebody takes the query up.</summary>
    private async Task<string?> AwayAsync((string Query, string Op, string? Argument) asked, long row, string by, CancellationToken cancel)
    {
        // Sent again, or taken by a query that has just ended.
        if (store.Control(row)?.Outcome is { } before) return before;
        var attempt = AttemptName.Parse(asked.Query) ?? throw Bad($"'{asked.Query}' is no query: its id is run/task/attempt; 'skep query list' shows them");
        var known = store.Find(asked.Query);
        if (known?.Status is QueryStatus.Complete or QueryStatus.Terminated or QueryStatus.Error) return await SettleAsync(row, $"refused: the query is over ({known.Status})", cancel);
        RunInput? input = asked.Op switch
        {
            QueryOps.Pause => new PauseTask(attempt.Task, by),
            QueryOps.Resume => new ContinueTask(attempt.Task, by),
            QueryOps.Terminate => new CancelTask(attempt.Task, by),
            _ => null,
        };
        if (input is null) return known is not null ? null : await SettleAsync(row, $"refused: {asked.Query} is no conversation with a model; it can be paused, resumed and terminated", cancel);
        try
        {
            var refusal = await host.ControlAsync(attempt.Run, input, cancel);
            if (refusal is null && asked.Op == QueryOps.Terminate && known is not null) await EndAsync(known, row);
            return await SettleAsync(row, refusal is null ? Done(asked.Op) : $"refused: {refusal}", cancel);
        }
        catch (RunLogException e)
        {
            return await SettleAsync(row, $"refused: {e.Message}", cancel);
        }
    }

    /// <summary>Ends the log of a query that nobody will take up again: its task is cancelled without being begun anew.</summary>
    private async Task EndAsync(QueryRow query, long row)
    {
        if (desk.IsLive(query.Id) || store.Control(row) is not { } asked) return;
        var (state, events) = (store.Load(query.Id), new List<QueryEvent>());
        if (state.Start is null || state.End is not null) return;
        QueryControls.Take(state, asked, events);
        var now = host.Time.GetUtcNow();
        foreach (var e in events) QueryCore.Apply(state, e, now > state.LastAt ? now : state.LastAt);
        await store.AppendAsync(new QueryIdentity(query.Id, query.Run, query.Phase, query.Task, query.Attempt, query.Spec, query.Agent), state, events);
    }

    private async Task<string> SettleAsync(long row, string outcome, CancellationToken cancel)
    {
        await store.SettleAsync(row, outcome, cancel);
        // The first word holds, if the query said one after all.
        return store.Control(row)?.Outcome ?? outcome;
    }

    private static string Done(string op) => op switch
    {
        QueryOps.Pause => "paused",
        QueryOps.Resume => "resumed",
        _ => "terminated",
    };

    private static JsonElement Answer(long row, string? outcome) => JsonBuild.Object(json =>
    {
        json.WriteNumber("request", row);
        json.WriteBoolean("taken", outcome is not null);
        json.WriteString("outcome", outcome ?? "recorded; it is taken when somebody works on the query");
        if (outcome?.StartsWith("refused", StringComparison.Ordinal) == true) json.WriteBoolean("refused", true);
    });

    private static RequestException Bad(string message) => new(RequestCodes.BadRequest, message);
}

/// <summary>Parts of an attempt's name <c>run/task/attempt</c>; a task's name may hold slashes.</summary>
/// <param name="Run">The run.</param>
/// <param name="Task">Node key.</param>
/// <param name="Attempt">Number of the attempt.</param>
public sealed record AttemptName(string Run, string Task, int Attempt)
{
    /// <summary>Reads a name; null when it is none.</summary>
    public static AttemptName? Parse(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var (first, last) = (name.IndexOf('/', StringComparison.Ordinal), name.LastIndexOf('/'));
        if (first <= 0 || last <= first + 1) return null;
        return int.TryParse(name.AsSpan(last + 1), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number) && number > 0
            ? new AttemptName(name[..first], name[(first + 1)..last], number) : null;
    }
}
