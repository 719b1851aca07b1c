using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Skep.Agents.Mcp;
using Skep.Agents.Queries;
using Skep.Models;
using Skep.Orchestration;
using Skep.Orchestration.Commands;
using Skep.Orchestration.Output;
using Skep.Plans;

namespace Skep.Agents;

/// <summary>
/// Lets models with tools do work (executor <c>chat</c>). Its attempts outlive the process: a query goes on behind the last event of its log.
/// </summary>
public sealed class ChatExecutor : IExecutor
{
    /// <summary>Most turns of an agent whose spec does not say.</summary>
    public const int DefaultTurns = 50;

    /// <summary>The model of agents whose spec names none: what the environment says.</summary>
    public const string DefaultModel = "default";

    /// <summary>Longest answer that becomes an output, in characters.</summary>
    public const int MaxAnswer = 64 * 1024;

    /// <summary>How the line of progress begins that says that a tool call waits for a person.</summary>
    public const string WaitingWord = "waits for a person: ";

    private readonly QueryServices _services;

    internal ChatExecutor(QueryServices services) => _services = services;

    /// <inheritdoc />
    public string Kind => ExecutorKinds.Chat;

    /// <inheritdoc />
    public bool SurvivesRestart => true;

    /// <inheritdoc />
    public async Task<AttemptResult> ExecuteAsync(AttemptRequest request, IAttemptContext context, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(context);
        if (string.IsNullOrWhiteSpace(request.Prompt)) return AttemptResult.Failure($"task '{request.TaskId}' tells its model nothing: give it a 'prompt'", retryable: false);
        var (masker, problem) = SecretValues.Read(request, _services.Environment(), _services.Keys());
        if (problem is not null) return AttemptResult.Failure(problem, retryable: false);
        using var log = new AttemptLog(request, context, masker);
        try
        {
            return await ConverseAsync(request, context, masker, log, cancel);
        }
        catch (FormatException e)
        {
            return AttemptResult.Failure(masker.MaskText(e.Message), retryable: false);
        }
        catch (QueryLogException e)
        {
            return new AttemptResult { Outcome = AttemptOutcome.Lost, Error = masker.MaskText(e.Message) };
        }
        catch (McpServerException e)
        {
            return AttemptResult.Failure(masker.MaskText(e.Message), e.IsTransient);
        }
        catch (ModelException e)
        {
            return AttemptResult.Failure(masker.MaskText(e.Message), e.IsTransient);
        }
    }

    private async Task<AttemptResult> ConverseAsync(AttemptRequest request, IAttemptContext context, SecretMasker masker, AttemptLog log, CancellationToken cancel)
    {
        using var heartbeat = HeartbeatTimer.Start(request, context);
        await using var session = new QuerySession(QueryIdentity.Of(request), _services.Store, _services.Time, _services.Host);
        var agent = new ToolAgent(request, context.Time) { Mask = masker.MaskText, Hold = session.Hold };
        var tools = await ToolsAsync(agent, cancel);
        using var listed = _services.Desk.Add(session);
        context.OnSuspend(session.Suspend);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, session.Ended);
        var watch = new QueryWatch(context);
        var options = OptionsOf(request, tools.Values, masker, watch);
        using var budget = _services.Budgets.For(request);
        using var clock = new QueryClock(context, budget, session.Hold);
        var caller = new ModelCaller(session, _services, budget, new Optimizer(request.Chat?.Optimizer), options);
        session.Partial = () => caller.Partial;
        session.Objection = WrongModel;
        var toolRunner = new ToolRunner(session, tools, agent, line => log.Write(Encoding.UTF8.GetBytes(line + "\n")));
        var conversation = new Conversation(options);
        var runner = new QueryRunner(session, caller, toolRunner, new WindowWatch(session, _services, conversation, request.Agent.Window), conversation, watch, clock);
        try
        {
            await runner.RunAsync(() => Start(request, tools.Keys, masker), either.Token);
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
            await StopAsync(session, caller.Partial, context.IsLeaving);
        }

        context.Used(QueryWatch.UsageOf(session.State));
        return ResultOf(session, request, log);
    }

    /// <summary>A model that nobody can reach would end the query at its next turn. Only told where the query runs: another process has another environment.</summary>
    private string? WrongModel(ControlRow asked)
    {
        if (asked is not { Op: QueryOps.Model, Argument: { } model }) return null;
        try
        {
            _services.Models.Resolve(model);
            return null;
        }
        catch (ModelException e)
        {
            return e.Message;
        }
    }

    private async Task<IReadOnlyDictionary<string, IAgentTool>> ToolsAsync(ToolAgent agent, CancellationToken cancel)
    {
        var tools = new Dictionary<string, IAgentTool>(StringComparer.Ordinal);
        foreach (var source in _services.Tools)
            foreach (var tool in await source.ToolsAsync(agent, cancel))
                if (!tools.TryAdd(tool.Name, tool)) throw new ModelException(ModelFault.BadRequest, $"two tools are called '{tool.Name}': a model could not tell them apart");
        return tools;
    }

    private static CallOptions OptionsOf(AttemptRequest request, IEnumerable<IAgentTool> tools, SecretMasker masker, QueryWatch watch) => new(
        [.. tools.OrderBy(t => t.Name, StringComparer.Ordinal).Select(AITool (t) => AIFunctionFactory.CreateDeclaration(t.Name, t.Description, t.Parameters))],
        (float?)request.Agent.Temperature,
        request.Agent.Limits.OutputTokens,
        request.Chat?.OutputSchema is { } schema ? JsonDocument.Parse(schema).RootElement : null,
        masker.MaskText,
        watch.Piece);

    private QueryStarted Start(AttemptRequest request, IEnumerable<string> tools, SecretMasker masker) => new(
        request.AgentName,
        request.Agent.Model ?? DefaultModel,
        request.Agent.Fallbacks,
        PermissionModes.NameOf(request.Agent.PermissionMode),
        masker.MaskText(SystemPrompt.Of(request, _services.Memory)),
        masker.MaskText(request.Prompt!),
        [.. tools.Order(StringComparer.Ordinal)],
        request.Agent.Limits.Turns ?? DefaultTurns,
        request.Chat?.OutputSchema);

    /// <summary>
    /// What had come of an answer is kept. When the process leaves, the query stays open and another goes on with it; otherwise its attempt is over, and so is the query.
    /// </summary>
    private static Task StopAsync(QuerySession session, string partial, bool leaving)
    {
        if (session.Fault is { } fault) throw new QueryLogException($"the query's log cannot be written: {fault.Message}", fault);
        return session.AppendAsync(state =>
        {
            if (state.End is not null || state.Start is null) return [];
            var events = new List<QueryEvent>();
            if (state.Open is { } open) events.Add(new CallLost(open.Call, open.Model, open.Tokens, open.Usd));
            if (partial.Length > 0) events.Add(new QueryInterrupted(partial));
            if (!leaving) events.Add(new QueryEnded(QueryStatus.Terminated, "stopped by the run", false));
            return events;
        });
    }

    private static AttemptResult ResultOf(QuerySession session, AttemptRequest request, AttemptLog log)
    {
        var state = session.State;
        var text = state.LastTurn?.Text ?? "";
        if (state.End is { Status: QueryStatus.Complete }) log.Write(Encoding.UTF8.GetBytes(text + "\n"));
        else if (state.End?.Error is { } error) log.Note(error);
        var result = state.End switch
        {
            { Status: QueryStatus.Complete } => AnswerOutputs.Result(text, request.Chat?.OutputSchema),
            { Status: QueryStatus.Error } e => AttemptResult.Failure(e.Error!, e.Retryable),
            var e => new AttemptResult { Outcome = AttemptOutcome.Cancelled, Error = e?.Error ?? "interrupted" },
        };
        return result with { LogTail = log.Finish(), LogFile = log.RelativePath };
    }
}
