using Microsoft.Extensions.AI;
using Skep.Models;
using Skep.Models.Limits;
using Skep.Plans;

namespace Skep.Agents.Planning;

/// <summary>A plan that a model wrote, checked.</summary>
/// <param name="Text">Its text, as the model wrote it.</param>
/// <param name="Plan">The plan.</param>
/// <param name="Model">The model.</param>
/// <param name="Tokens">What the planning took.</param>
/// <param name="Usd">What it cost; null when the price is unknown.</param>
/// <param name="Tries">How many answers it took.</param>
public sealed record GoalPlan(string Text, Plan Plan, string Model, TokenCount Tokens, decimal? Usd, int Tries);

/// <summary>A model's plans cannot be used; the message says why the last one could not.</summary>
/// <param name="message">The message.</param>
/// <param name="lastText">What it wrote last.</param>
public sealed class GoalPlanException(string message, string lastText) : Exception(message)
{
    /// <summary>What it wrote last.</summary>
    public string LastText { get; } = lastText;
}

/// <summary>Lets a model take a goal apart into a plan. What it writes is held to the rules of plans and to <see cref="GoalOptions"/>; it is told what is wrong, and may mend it a bounded number of times.</summary>
/// <param name="models">Finds the model.</param>
/// <param name="time">The clock of retries.</param>
public sealed class GoalPlanner(IModelSource models, TimeProvider time)
{
    /// <summary>Most plans that a model writes for one goal.</summary>
    public const int MaxTries = 4;

    /// <summary>Longest plan, in tokens.</summary>
    public const int MaxPlanTokens = 8192;

    /// <summary>Asks a model for a plan.</summary>
    /// <param name="options">What it is to be like.</param>
    /// <param name="model">The model, as plans name it.</param>
    /// <param name="tell">Hears what goes on, a line at a time.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="ModelException">The model cannot be made to answer.</exception>
    /// <exception cref="GoalPlanException">None of its plans can be used.</exception>
    public async Task<GoalPlan> PlanAsync(GoalOptions options, string model, Action<string> tell, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(tell);
        var route = models.Resolve(model);
        var messages = new List<ChatMessage> { new(ChatRole.System, GoalPrompt.System(options)), new(ChatRole.User, GoalPrompt.Goal(options)) };
        var (tokens, text) = (default(TokenCount), "");
        IReadOnlyList<string> problems = [];
        for (var tries = 1; tries <= MaxTries; tries++)
        {
            var answer = await AskAsync(route, messages, cancel);
            tokens += TokenCount.FromUsage(answer.Usage ?? new UsageDetails());
            text = YamlOf(answer.Text);
            var read = PlanReader.Read(text);
            problems = read.Plan is null ? [.. read.Diagnostics.Where(d => d.Severity == Severity.Error).Select(d => d.Format("plan"))] : GoalRules.Problems(read.Plan, options);
            if (problems.Count == 0) return new GoalPlan(text, read.Plan!, $"{route.Provider}/{route.Model}", tokens, route.Price?.Of(tokens), tries);
            tell($"plan {tries} of {route.Provider}/{route.Model} cannot be used: {problems[0]}{(problems.Count > 1 ? $" (and {problems.Count - 1} more)" : "")}");
            messages.Add(new ChatMessage(ChatRole.Assistant, answer.Text));
            messages.Add(new ChatMessage(ChatRole.User, GoalPrompt.Again(problems)));
        }

        throw new GoalPlanException($"{route.Provider}/{route.Model} wrote {MaxTries} plans, and none can be used: {string.Join("; ", problems.Take(3))}", text);
    }

    private async Task<ChatResponse> AskAsync(ModelRoute route, List<ChatMessage> messages, CancellationToken cancel)
    {
        var options = new ChatOptions { ModelId = route.Model, MaxOutputTokens = Math.Min(MaxPlanTokens, route.MaxOutputTokens ?? MaxPlanTokens) };
        return await CallRetry.Create(new CallRetryOptions(), time, static (_, _) => ValueTask.CompletedTask).ExecuteAsync(async token => await TryAsync(route, messages, options, token), cancel);
    }

    private static async ValueTask<ChatResponse> TryAsync(ModelRoute route, List<ChatMessage> messages, ChatOptions options, CancellationToken cancel)
    {
        var turn = await route.Gate.EnterAsync("planner", TokenEstimate.Of(messages) + options.MaxOutputTokens!.Value, cancel);
        try
        {
            var answer = await route.Client.GetResponseAsync(messages, options, cancel);
            turn.Done(answer.Usage?.TotalTokenCount);
            return answer.Text.Length > 0 ? answer : throw new ModelException(ModelFault.Malformed, $"{route.Provider} answered with no text");
        }
        catch (ModelException e)
        {
            turn.Failed(e);
            throw;
        }
        catch
        {
            turn.Abandoned();
            throw;
        }
    }

    /// <summary>The block in fences, or all of it where there are none.</summary>
    internal static string YamlOf(string answer)
    {
        var lines = answer.Replace("\r\n", "\n", StringComparison.Ordinal).Split('\n');
        var from = Array.FindIndex(lines, l => l.TrimStart().StartsWith("```", StringComparison.Ordinal));
        if (from < 0) return answer.Trim() + "\n";
        var to = Array.FindIndex(lines, from + 1, l => l.Trim() == "```");
        return string.Join('\n', lines[(from + 1)..(to < 0 ? lines.Length : to)]).Trim() + "\n";
    }
}
