using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Skep.Agents.Tools;

/// <summary><c>propose_tasks</c>: hands further tasks to whoever decides about the plan.</summary>
internal sealed class ProposeTasksTool(ITaskProposals proposals) : BuiltInTool(Schema)
{
    /// <summary>Longest fragment, in characters of JSON.</summary>
    public const int MaxFragment = Plans.ProposalReader.MaxChars;

    private const string Schema = """
        {"type":"object","properties":{
        "fragment":{"type":"object","description":"{\"tasks\": [...]}; a task has: id (needed), prompt (needed), title, agent (you unless stated), needs (ids of tasks or phases), foreach (a list; ${item} in the prompt is one of it), when, tier, timeout, retry, acceptance, output_schema. ${tasks.ID.outputs.answer} in a prompt is the answer of a task that is among its needs."}},
        "required":["fragment"],"additionalProperties":false}
        """;

    // As YAML reads it, too: a plan's text has no escapes for half a surrogate pair.
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public override string Name => "propose_tasks";

    public override string Description => "Proposes further tasks for the plan. They join your phase and begin when what they need is settled; you do not wait for them.";

    public override ToolKind Kind => ToolKind.Write;

    public override ToolRepeat Repeat => ToolRepeat.Keyed;

    protected override async Task<ToolResult> RunAsync(ToolArguments args, ToolCall call, CancellationToken cancel)
    {
        var fragment = call.Agent.Mask(TextOf(args.Object("fragment")));
        if (fragment.Length > MaxFragment) throw new ToolRefusal($"the fragment has {fragment.Length} characters; at most {MaxFragment} are taken: propose fewer tasks at once");
        // What is answered may quote the plan.
        return new ToolResult(Untrusted.Wrap("proposal", call.Agent.Mask(await proposals.ProposeAsync(call.Agent.Attempt, call.Key, fragment, cancel))));
    }

    private static string TextOf(JsonElement fragment)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Plain)) fragment.WriteTo(writer);
        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}
