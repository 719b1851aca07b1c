using System.Text.Json;
using Microsoft.Extensions.AI;
using Skep.Models;
using Skep.Models.Limits;

namespace Skep.Agents.Queries;

/// <summary>
/// Calls models for a query. Each try waits for its turn at the provider, reserves what it may take, and is recorded before it leaves the process;
/// its answer is recorded before anything follows from it.
/// </summary>
internal sealed class ModelCaller(QuerySession session, QueryServices services, ChatBudget budget, Optimizer optimizer, CallOptions options)
{
    private volatile TurnBuilder? _builder;

    /// <summary>What has come of the answer in flight.</summary>
    public string Partial => _builder?.Text ?? "";

    /// <summary>Calls the model that answers now, with retries. What it is sent is asked for anew before each try, as late as can be.</summary>
    /// <exception cref="ModelException">It cannot be made to answer.</exception>
    /// <exception cref="BudgetReachedException">A budget does not allow it.</exception>
    public async Task<AssistantTurn> CallAsync(CallPurpose purpose, Func<QueryState, CallInput> input, CancellationToken cancel)
    {
        var call = session.State.Calls + 1;
        var tries = 0;
        return await services.Retry.ExecuteAsync(async token => await TryAsync(call, ++tries, purpose, input, token), cancel);
    }

    private async ValueTask<AssistantTurn> TryAsync(int call, int number, CallPurpose purpose, Func<QueryState, CallInput> input, CancellationToken cancel)
    {
        while (true)
        {
            await session.WaitOpenAsync(cancel);
            try
            {
                return await TryOnceAsync(call, number, purpose, input, cancel);
            }
            catch (QueryHeldException)
            {
                // Held before anything was sent. When it goes on, it asks for a turn anew.
            }
        }
    }

    private async Task<AssistantTurn> TryOnceAsync(int call, int number, CallPurpose purpose, Func<QueryState, CallInput> input, CancellationToken cancel)
    {
        // Asked anew for every try: the model may have been changed meanwhile.
        var model = session.State.Model;
        var route = services.Models.Resolve(model);
        var ask = For(purpose);
        var sent = await session.LookAsync(input);
        var claim = CallClaim.Of(route, sent.Tokens, ask, session.State.OutputTokens);
        var turn = await route.Gate.EnterAsync(session.Identity.Agent, claim.Tokens, cancel);
        CallReservation? reserved = null;
        try
        {
            // A turn that came while the query was held is given back: nobody knows for how long, and others wait for it.
            session.RequireOpen();
            // What was said meanwhile goes with it.
            sent = await session.LookAsync(input);
            reserved = await budget.ReserveAsync(CallClaim.Of(route, sent.Tokens, ask, session.State.OutputTokens), session.RequireOpen, cancel);
            claim = reserved.Claim;
            // The model that answers, where the plan may only say 'default'.
            await session.AppendAsync(new CallBegun(call, number, $"{route.Provider}/{route.Model}", purpose, claim.Tokens, claim.Usd) { Notes = sent.Notes });
        }
        catch
        {
            reserved?.Release();
            turn.Abandoned();
            throw;
        }

        return await AnswerAsync(call, number, ask, route, claim, sent.Messages, turn, reserved, cancel);
    }

    private async Task<AssistantTurn> AnswerAsync(int call, int number, CallOptions ask, ModelRoute route, CallClaim claim, IReadOnlyList<ChatMessage> messages, IProviderTurn turn, CallReservation reserved, CancellationToken cancel)
    {
        var model = session.State.Open!.Model;
        var since = services.Time.GetTimestamp();
        var builder = _builder = new TurnBuilder(options.Mask);
        try
        {
            var first = await StreamAsync(builder, ask, route, claim, messages, turn, call, cancel);
            var tokens = builder.HasUsage && TokenCount.FromUsage(builder.Usage) is { Total: > 0 } told ? told : claim.Guess(builder);
            var usd = route.Price?.Of(tokens);
            var answer = builder.Build();
            await OverAsync(new CallAnswered(call, model, answer, tokens, usd, route.Price?.SavedBy(tokens), Ms(since, null), Ms(since, first), builder.RequestId), claim);
            turn.Done(tokens.Total);
            reserved.Settle(tokens, usd);
            return answer;
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            turn.Abandoned();
            reserved.Lost();
            throw;
        }
        catch (Exception e) when (e is not ModelException)
        {
            // The log cannot be written, say: the query is over, and others must not wait for its turn and its budget.
            turn.Abandoned();
            reserved.Lost();
            throw;
        }
        catch (ModelException e)
        {
            turn.Failed(e);
            // An error instead of an answer is not billed; a stream that broke may have been.
            var billed = builder.HasBegun || e.Fault is ModelFault.StreamDropped or ModelFault.TimedOut;
            if (billed) reserved.Lost();
            else reserved.Release();
            if (session.State.End is null)
                await OverAsync(new CallFailed(call, number, model, e.Fault, options.Mask(e.Message), billed ? claim.Tokens : 0, billed ? claim.Usd : null), claim);
            throw;
        }
        finally
        {
            _builder = null;
        }
    }

    /// <summary>A try is over; the optimiser may act on it.</summary>
    private async Task OverAsync(QueryEvent call, CallClaim claim)
    {
        await session.AppendAsync(call);
        switch (optimizer.Look(session.State, call, claim.Output))
        {
            case QueryPaused hold: await session.RequestHoldAsync(hold.By, hold.Why); break;
            case { } action: await session.AppendAsync(action); break;
        }
    }

    private async Task<long?> StreamAsync(TurnBuilder builder, CallOptions ask, ModelRoute route, CallClaim claim, IReadOnlyList<ChatMessage> messages, IProviderTurn turn, int call, CancellationToken cancel)
    {
        long? first = null;
        try
        {
            await foreach (var update in route.Client.GetStreamingResponseAsync(messages, OptionsOf(ask, route, claim, call), cancel))
            {
                if (first is null) turn.Answering();
                first ??= services.Time.GetTimestamp();
                builder.Add(update);
                options.OnPiece(builder);
            }
        }
        catch (Exception e) when (e is not ModelException && !(e is OperationCanceledException && cancel.IsCancellationRequested))
        {
            throw Foreign(route, e);
        }

        return builder.HasBegun ? first : throw new ModelException(ModelFault.Malformed, $"{route.Provider} answered with nothing at all");
    }

    /// <summary>What a call may say and ask for. One that sums up answers with plain text, and can do nothing else.</summary>
    private CallOptions For(CallPurpose purpose) => purpose == CallPurpose.Turn ? options
        : options with { Tools = [], Schema = null, OutputTokens = Math.Min(options.OutputTokens ?? int.MaxValue, SummaryRequest.MaxTokens) };

    /// <summary>A host's own client fails in its own ways: what was reserved for the call, and its turn, must come back all the same.</summary>
    private ModelException Foreign(ModelRoute route, Exception failed)
    {
        var passes = failed is HttpRequestException or IOException or TimeoutException or OperationCanceledException;
        return new ModelException(passes ? ModelFault.StreamDropped : ModelFault.Malformed, $"the client of provider '{route.Provider}' failed with {failed.GetType().Name}: {options.Mask(failed.Message)}", failed);
    }

    private ChatOptions OptionsOf(CallOptions ask, ModelRoute route, CallClaim claim, int call)
    {
        var chat = new ChatOptions
        {
            ModelId = route.Model,
            MaxOutputTokens = claim.OutputTokens,
            Temperature = ask.Temperature,
            Tools = ask.Tools.Count > 0 ? [.. ask.Tools] : null,
            AdditionalProperties = new AdditionalPropertiesDictionary { [ModelProperties.IdempotencyKey] = $"{session.Identity.Id}/{call}" },
        };
        if (ask.Schema is { } schema) chat.ResponseFormat = ChatResponseFormat.ForJsonSchema(schema, "answer");
        return chat;
    }

    private long Ms(long since, long? until) => (long)(until is { } end ? services.Time.GetElapsedTime(since, end) : services.Time.GetElapsedTime(since)).TotalMilliseconds;
}

/// <summary>What all calls of a query have in common.</summary>
/// <param name="Tools">The tools, as the model is told of them.</param>
/// <param name="Temperature">Temperature, or null for the model's own.</param>
/// <param name="OutputTokens">Longest answer in tokens, or null.</param>
/// <param name="Schema">JSON Schema of the answer, or null.</param>
/// <param name="Mask">Masks secrets.</param>
/// <param name="OnPiece">Called after each piece of an answer.</param>
internal sealed record CallOptions(IReadOnlyList<AITool> Tools, float? Temperature, int? OutputTokens, JsonElement? Schema, Func<string, string> Mask, Action<TurnBuilder> OnPiece);
