namespace Skep.Cli.Reading;

/// <summary>Tasks that wait for a person.</summary>
internal static class WaitingQuestions
{
    /// <summary>Each with its question, its expressions resolved where that is possible.</summary>
    public static IEnumerable<(NodeState Node, string Question)> Of(RunState state) =>
        state.WorkNodes
            .Where(n => n.Gate is null && n.Current is { } attempt && state.Agent(attempt.Agent)?.Executor == ExecutorKinds.Human)
            .Select(n => (n, Question(state, n)));

    /// <summary>The question of a task.</summary>
    public static string Question(RunState state, NodeState node)
    {
        var prompt = node.Task?.Prompt ?? "";
        try
        {
            return ExpressionEvaluator.Interpolate(prompt, new RunScope(state, node)).Trim();
        }
        catch (ExpressionException)
        {
            return prompt.Trim();
        }
    }
}
