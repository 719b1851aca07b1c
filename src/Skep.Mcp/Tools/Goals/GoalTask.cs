using System.Text.Json;
using Skep.Agents;
using Skep.Agents.Planning;
using Skep.Mcp.Catalogue;
using Skep.Mcp.Folder;
using Skep.Mcp.Tools.Runs;
using Skep.Mcp.Tools.Swarms;
using Skep.Models;
using Skep.Orchestration;
using Skep.Orchestration.Hooks;
using Skep.Plans;
using ToolCall = Skep.Mcp.Catalogue.ToolCall;

namespace Skep.Mcp.Tools.Goals;

/// <summary>
/// Lets a model take a task apart, as <c>skep orchestrate</c> does: the plan is checked and priced, and shown or, where the caller has said yes, run. Nothing is kept of planning that was given up.
/// </summary>
internal static class GoalTask
{
    /// <summary>How often who waits for a plan hears that it is still being written.</summary>
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(5);

    /// <summary>Has a plan written, and shows it or runs it.</summary>
    public static async Task<ToolReply> PlanAsync(ToolCall call, GoalOrder order, CancellationToken cancel)
    {
        if (call.Desk.Settings.ModelProblem(order.Model) is { } problem) throw Unplanned(order, $"no model can be asked, so nobody took the task apart and nothing was started: {problem}. plan_template is a template to fill in and give to run_start; docs/models.md says how to configure a model");
        var models = call.Desk.Settings.Models?.Invoke() ?? throw Unplanned(order, "this server can ask no model, so nobody took the task apart and nothing was started. plan_template is a template to fill in and give to run_start");
        GoalPlan made;
        PlanPrice price;
        try
        {
            made = await AskAsync(call, order, models, cancel);
            price = PlanPrice.Of(made.Plan, models);
        }
        finally
        {
            (models as IDisposable)?.Dispose();
        }

        var book = new GoalBook(call.Desk);
        var id = await book.KeepAsync(new GoalDraft(order.Options.Goal, order.Strategy, order.Priority, made.Text, order.SwarmId, call.Desk.Now, null), cancel);
        if (call.Args.Flag("yes") == true) return await RunAsync(call, id, cancel, json => Write(json, made, price));
        return ToolReply.Of($"{made.Model} took the task apart: {Facts.Count(made.Plan.Tasks.Count(), "task")}, {Facts.Count(made.Plan.Agents.Count, "agent")}. Nothing was started. Show the plan and its price to your user; when they agree, call task_orchestrate with planId {id}", json =>
        {
            json.WriteBoolean("started", false);
            json.WriteString("planId", id);
            Write(json, made, price);
            json.Texts("not_acted_on", call.Desk.Settings.Idle(made.Plan));
            json.Cut("plan_text", made.Text, Bounds.Value);
        });
    }

    /// <summary>Runs a plan that was shown.</summary>
    public static async Task<ToolReply> RunAsync(ToolCall call, string id, CancellationToken cancel, Action<Utf8JsonWriter>? also = null)
    {
        var book = new GoalBook(call.Desk);
        var (draft, version) = await book.RequireAsync(id, cancel);
        if (draft.Run is { } before) throw new ToolFault($"plan {id} is run {before} already; task_status tells how it stands. To run it once more, give its text to run_start");
        var plan = PlanReader.Read(draft.Plan).Plan ?? throw new ToolFault($"plan {id} is not valid for this version of skep; let the task be planned again");
        foreach (var model in plan.Agents.Where(a => a.Executor == ExecutorKinds.Chat).Select(a => a.Model ?? ChatExecutor.DefaultModel).Distinct(StringComparer.Ordinal))
            if (call.Desk.Settings.ModelProblem(model) is { } problem) throw new ToolFault($"nothing was started, because a model of the plan cannot be asked: {problem}. The plan stays: call again with planId {id} when that is mended");
        var run = call.Desk.Settings.RunId(plan.Name);
        await book.TakeAsync(id, draft, version, run, cancel);
        await StartAsync(call.Desk, book, id, draft, run, plan);
        return await RunStartTool.AnswerAsync(call, run, "started", call.Desk.Settings.Idle(plan), cancel, json =>
        {
            json.WriteString("taskId", run);
            json.WriteString("planId", id);
            json.Maybe("swarmId", draft.SwarmId);
            json.WriteString("strategy", draft.Strategy);
            also?.Invoke(json);
            json.Cut("plan_text", draft.Plan, 8 * 1024);
        });
    }

    /// <summary>Not cancelled: from here on the plan is taken.</summary>
    private static async Task StartAsync(FolderDesk desk, GoalBook book, string id, GoalDraft draft, string run, Plan plan)
    {
        try
        {
            await RunStarts.StartAsync(desk, new StartMessage(run, true, draft.Plan, null, desk.Settings.Workspace, desk.Settings.Workspace, null, null));
        }
        catch (ToolFault)
        {
            await book.GiveBackAsync(id, draft);
            throw;
        }

        if (draft.SwarmId is { } swarm)
            await new SwarmBook(desk).NoteRunAsync(swarm, new SwarmRunRecord(run, Text.Shorten(draft.Task, Bounds.Line), draft.Strategy, draft.Priority, [.. plan.Agents.Select(a => a.Id)], desk.Now), CancellationToken.None);
    }

    private static async Task<GoalPlan> AskAsync(ToolCall call, GoalOrder order, IModelSource models, CancellationToken cancel)
    {
        var news = System.Threading.Channels.Channel.CreateUnbounded<string>();
        try
        {
            var planning = new GoalPlanner(models, call.Desk.Time).PlanAsync(order.Options, order.Model, line => news.Writer.TryWrite(line), cancel);
            await TellAsync(call, order, planning, news.Reader, cancel);
            return await planning;
        }
        catch (ModelException e)
        {
            throw new ToolFault($"the model did not make a plan, and nothing was started: {e.Message}");
        }
        catch (GoalPlanException e)
        {
            throw new ToolFault($"{e.Message}. Nothing was started; last_plan is the last one: mend it and give it to run_start, or try another model") { Details = JsonBuild.Object(json => Unstarted(json, "last_plan", e.LastText)) };
        }
    }

    /// <summary>Says that a plan is being written, what is wrong with one, and now and then that it goes on.</summary>
    private static async Task TellAsync(ToolCall call, GoalOrder order, Task planning, System.Threading.Channels.ChannelReader<string> news, CancellationToken cancel)
    {
        var told = 0;
        await call.Tell(told, null, $"{order.Model} takes the task apart");
        while (!planning.IsCompleted && !cancel.IsCancellationRequested)
        {
            using var beat = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            var said = news.WaitToReadAsync(beat.Token).AsTask();
            await Task.WhenAny(planning, said, Task.Delay(Beat, call.Desk.Time, beat.Token));
            var any = false;
            while (news.TryRead(out var line))
            {
                any = true;
                await call.Tell(++told, null, Text.Shorten(line, Bounds.Line));
            }

            if (!any && !planning.IsCompleted && !cancel.IsCancellationRequested) await call.Tell(++told, null, "the plan is still being written");
            await beat.CancelAsync();
        }
    }

    private static void Write(Utf8JsonWriter json, GoalPlan made, PlanPrice price)
    {
        json.WriteStartObject("planned");
        json.WriteString("model", made.Model);
        json.WriteNumber("tries", made.Tries);
        json.WriteNumber("tokens", made.Tokens.Total);
        if (made.Usd is { } cost) json.WriteNumber("usd", cost);
        json.WriteEndObject();
        json.WriteStartObject("price");
        json.WriteNumber("tokens", price.Tokens);
        if (price.Usd is { } usd) json.WriteNumber("usd", Math.Round(usd, 4));
        else json.Texts("unknown_of", price.Unpriced);
        json.WriteString("how", $"a rough guess, {PlanPrice.TurnsPerTask} turns a task; the run ends at its budget, {GoalRules.Words(made.Plan.Swarm.Budget)}");
        json.WriteEndObject();
    }

    private static ToolFault Unplanned(GoalOrder order, string why) => new(why) { Details = JsonBuild.Object(json => Unstarted(json, "plan_template", GoalTemplate.Write(order.Options))) };

    private static void Unstarted(Utf8JsonWriter json, string name, string yaml)
    {
        json.WriteBoolean("started", false);
        json.Cut(name, yaml, Bounds.Value);
    }
}
