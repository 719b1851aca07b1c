using Skep.Models;

namespace Skep.Agents.Queries;

/// <summary>The loop of a query: does what <see cref="QueryCore.Next"/> says until it is over.</summary>
internal sealed class QueryRunner(QuerySession session, ModelCaller caller, ToolRunner tools, WindowWatch window, Conversation conversation, QueryWatch watch, QueryClock clock)
{
    /// <summary>Works until the query is over.</summary>
    public async Task RunAsync(Func<QueryStarted> start, CancellationToken cancel)
    {
        if (session.State.Start is null) await session.AppendAsync(start());
        // Its process has died between its end and that of its attempt: nothing is left to be done but to hand on what came of it.
        else if (session.State.End is not null) return;
        else await session.AppendAsync(QueryCore.Recover(session.State, tools.IsRepeatable));
        // What was asked while nobody worked on it.
        session.Wake();
        while (true)
        {
            await session.WaitOpenAsync(cancel);
            cancel.ThrowIfCancellationRequested();
            switch (QueryCore.Next(session.State))
            {
                case Rest: return;
                case AppendEvent e: await session.AppendAsync(e.Event); break;
                case RunTools e: await tools.RunAsync(e.Turn, e.Slots, cancel); break;
                case AwaitPerson e: await AwaitPersonAsync(e, cancel); break;
                case CallModel: await CallAsync(cancel); break;
            }
        }
    }

    private async Task AwaitPersonAsync(AwaitPerson step, CancellationToken cancel)
    {
        watch.Waiting(step.Slots[0].Question!);
        var changed = session.Changed();
        // Asked for before the state was looked at again, so that an answer in between is not missed.
        if (!step.Slots.All(s => s.Stage == ToolStage.Asked)) return;
        clock.Wait(true);
        try
        {
            await changed.WaitAsync(cancel);
        }
        finally
        {
            if (!step.Slots.All(s => s.Stage == ToolStage.Asked)) clock.Wait(false);
        }
    }

    private async Task CallAsync(CancellationToken cancel)
    {
        try
        {
            if (await window.ShortenAsync(caller, cancel)) return;
            await caller.CallAsync(CallPurpose.Turn, conversation.Of, cancel);
            watch.Answered(session.State);
        }
        catch (ModelException e) when (e.Fault == ModelFault.ContextTooLong && Compaction.Shorten(session.State) is { } shorter)
        {
            await session.AppendAsync(shorter);
        }
        catch (ModelException e)
        {
            await session.AppendAsync(new QueryEnded(QueryStatus.Error, e.Message, e.IsTransient));
        }
        catch (BudgetReachedException e)
        {
            await OnBudgetAsync(e, cancel);
        }
    }

    private async Task OnBudgetAsync(BudgetReachedException reached, CancellationToken cancel)
    {
        switch (ChatBudget.ActionFor(reached, session.State))
        {
            case ModelChanged down: await session.AppendAsync(down); break;
            case QueryPaused hold: await session.HoldAsync(hold.By, hold.Why, cancel); break;
            case var end: await session.AppendAsync(end); break;
        }
    }
}
