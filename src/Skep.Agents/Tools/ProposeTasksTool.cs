namespace Skep.Agents.Tools;

/// <summary><c>propose_tasks</c>: hands a fragment of a plan to whoever decides about the plan.</summary>
internal sealed class ProposeTasksTool(ITaskProposals proposals) : BuiltInTool(Schema)
{
    /// <summary>Longest fragment, in characters of JSON.</summary>
    public const int MaxFragment = 64 * 1024;

    private const string Schema = """
        {"type":"object","properties":{
        "fragment":{"type":"object","description":"Tasks as a plan has them, such as {\"tasks\": [{\"id\": \"check\", \"prompt\": \"…\"}]}"}},
        "required":["fragment"],"additionalProperties":false}
        """;

    public override string Name => "propose_tasks";

    public override string Description => "Proposes further tasks for the plan. They begin when they are accepted.";

    public override ToolKind Kind => ToolKind.Write;

    public override ToolRepeat Repeat => ToolRepeat.Keyed;

    protected override async Task<ToolResult> RunAsync(ToolArguments args, ToolCall call, CancellationToken cancel)
    {
        var fragment = args.Object("fragment");
        var size = fragment.GetRawText().Length;
        if (size > MaxFragment) throw new ToolRefusal($"the fragment has {size} characters; at most {MaxFragment} are taken: propose fewer tasks at once");
        // What is answered may quote the plan.
        return new ToolResult(Untrusted.Wrap("proposal", call.Agent.Mask(await proposals.ProposeAsync(call.Agent.Attempt, call.Key, fragment, cancel))));
    }
}
