namespace Skep.Cli.Reading;

/// <summary>An approval gate that waits for votes.</summary>
/// <param name="Node">The gate.</param>
/// <param name="Words">What is asked, how it stands, and who is awaited.</param>
/// <param name="Next">The first role that has not voted.</param>
internal sealed record WaitingVotes(NodeState Node, string Words, string Next)
{
    /// <summary>All of them.</summary>
    public static IEnumerable<WaitingVotes> Of(RunState state) =>
        state.Nodes.Where(n => n.Gate?.Approval is not null && n.Current is not null).Select(n => Of(state, n)!);

    /// <summary>A gate's, or null when it waits for no votes.</summary>
    public static WaitingVotes? Of(RunState state, NodeState node)
    {
        if (node.Gate?.Approval is not { } rule || node.Current is null) return null;
        var how = Approvals.Waiting(rule, node.Votes);
        return new WaitingVotes(node, rule.Ask is null ? how : $"{Question(state, node, rule.Ask)} ({how})", Approvals.Awaited(rule, node.Votes) is [var next, ..] ? next : "ROLE");
    }

    /// <summary>How to vote.</summary>
    public string HowTo(RunState state) => $"skep approve {state.Info!.Run} {Node.Gate!.Id} --role {Next}";

    private static string Question(RunState state, NodeState node, string ask)
    {
        try
        {
            return ExpressionEvaluator.Interpolate(ask, new RunScope(state, node)).Trim();
        }
        catch (ExpressionException)
        {
            return ask.Trim();
        }
    }
}
