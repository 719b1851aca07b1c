using Skep.Orchestration.Agents;
using Skep.Orchestration.Commands;
using Skep.Orchestration.Output;
using Skep.Plans;

namespace Skep.Orchestration;

/// <summary>
/// Runs agents written in .NET inside this process (executor <c>dotnet</c>). The agent is found by the spec's <c>uses</c>, or by its id.
/// Heartbeats are sent for it. An agent that does not return within <see cref="DotNetExecutorOptions.AbandonGrace"/> of being cancelled is abandoned:
/// it cannot be ended from outside, so the attempt counts as <see cref="AttemptOutcome.Lost"/> and what it still returns is ignored.
/// </summary>
/// <param name="agents">The agents.</param>
/// <param name="options">Settings; null for the defaults.</param>
public sealed class DotNetExecutor(IAgentCatalog agents, DotNetExecutorOptions? options = null) : IExecutor
{
    private readonly DotNetExecutorOptions _options = options ?? new DotNetExecutorOptions();

    /// <inheritdoc />
    public string Kind => ExecutorKinds.DotNet;

    /// <inheritdoc />
    public async Task<AttemptResult> ExecuteAsync(AttemptRequest request, IAttemptContext context, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(context);
        var (masker, problem) = SecretValues.Read(request, _options.HostEnvironment());
        if (problem is not null) return AttemptResult.Failure(problem, retryable: false);

        using var log = new AttemptLog(request, context, masker);
        using var heartbeat = HeartbeatTimer.Start(request, context);
        // On the pool: an agent may work long before its first await.
        var work = Task.Run(() => RunAgentAsync(request, new MaskedAttemptContext(context, masker), cancel), CancellationToken.None);
        if (!await ReturnsAsync(work, context.Time, cancel)) return Abandoned(request);
        var result = await ConcludeAsync(work, log, cancel);
        return result with
        {
            Error = masker.MaskOptional(result.Error),
            Outputs = masker.MaskOutputs(result.Outputs),
            LogTail = log.Finish(),
            LogFile = log.RelativePath,
        };
    }

    private async Task<AgentResult> RunAgentAsync(AttemptRequest request, IAttemptContext context, CancellationToken cancel)
    {
        var name = request.Agent.Uses ?? request.Agent.Id;
        if (!agents.TryCreate(name, out var handle)) throw new AgentException(Unknown(name), retryable: false);
        await using (handle)
            return await handle.Agent.RunAsync(new AgentContext(request, context), cancel);
    }

    /// <summary>Waits for the agent; false when it ignores cancellation.</summary>
    private async Task<bool> ReturnsAsync(Task work, TimeProvider time, CancellationToken cancel)
    {
        await work.WaitAsync(cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (work.IsCompleted) return true;
        using var done = new CancellationTokenSource();
        await Task.WhenAny(work, Task.Delay(_options.AbandonGrace, time, done.Token));
        await done.CancelAsync();
        return work.IsCompleted;
    }

    private static async Task<AttemptResult> ConcludeAsync(Task<AgentResult> work, AttemptLog log, CancellationToken cancel)
    {
        try
        {
            var result = await work ?? AgentResult.Done;
            if (result.Log is { Length: > 0 } text) log.Write(System.Text.Encoding.UTF8.GetBytes(text));
            return Problem(result) is { } problem
                ? AttemptResult.Failure(problem, retryable: false)
                : new AttemptResult { Outcome = AttemptOutcome.Succeeded, Outputs = result.Outputs ?? new Dictionary<string, string>() };
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return new AttemptResult { Outcome = AttemptOutcome.Cancelled, Error = "cancelled" };
        }
#pragma warning disable CA1031 // Whatever an agent throws is the result of its attempt, never a fault of the queen.
        catch (Exception e)
#pragma warning restore CA1031
        {
            log.Note($"the agent failed: {e}");
            return AttemptResult.Failure(e.Message, (e as AgentException)?.Retryable ?? true);
        }
    }

    private static string? Problem(AgentResult result)
    {
        if (result.Outputs is not { } outputs) return null;
        if (outputs.Count > OutputParser.MaxKeys) return $"the agent returned {outputs.Count} outputs; at most {OutputParser.MaxKeys} are kept";
        return outputs.Select(o => OutputParser.ProblemOf(o.Key, o.Value)).FirstOrDefault(p => p is not null) is { } problem
            ? $"the agent returned an output that cannot be kept: {problem}" : null;
    }

    private AttemptResult Abandoned(AttemptRequest request) => new()
    {
        Outcome = AttemptOutcome.Lost,
        Error = $"agent '{request.Agent.Uses ?? request.Agent.Id}' did not return within {_options.AbandonGrace.TotalSeconds:0.#} s of being cancelled and was abandoned; it may still be working: let it observe its cancellation token",
    };

    private string Unknown(string name) => agents.Names.Count == 0
        ? $"there is no .NET agent '{name}': this program registers none; call services.AddSkepAgent<T>(\"{name}\"), or use executor 'command'"
        : $"there is no .NET agent '{name}'; registered are: {string.Join(", ", agents.Names)}";
}
