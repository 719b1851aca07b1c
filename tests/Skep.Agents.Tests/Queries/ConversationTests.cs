using ModelWire = Skep.Models.Endpoints.ModelWire;
using Skep.Agents.Queries;
using Skep.Orchestration;

namespace Skep.Agents.Tests.Queries;

public sealed class ConversationTests
{
    [Theory]
    [InlineData(ModelWire.Anthropic)]
    [InlineData(ModelWire.OpenAI)]
    public async Task A_model_with_tools_works_until_it_answers(ModelWire wire)
    {
        var multiply = new TestTool("multiply", "42");
        await using var rig = new ChatRig(
            s =>
            {
                s.When(m => m.Turns(0)).Says("Let me see.").Calls("multiply", """{"a":6,"b":7}""").Calls("multiply", """{"a":7,"b":6}""");
                s.When(m => m.ToolResult("multiply")).Says("It is ${tool}.");
            },
            wire,
            multiply);
        var state = await rig.RunAsync(ChatRig.Plan(agent: ", tools: [multiply]"));
        Assert.Equal(RunStatus.Succeeded, state.Status);
        Assert.Equal("It is 42.", state.Find("ask")!.Outputs["answer"]);
        Assert.Equal(["run-1/ask/1/1.0", "run-1/ask/1/1.1"], multiply.Keys.Order());
        var query = rig.Query();
        Assert.Equal((QueryStatus.Complete, 2), (query.Status, query.Turns));
        Assert.Empty(rig.Model.Exchanges.BoughtTwice());
        Assert.Equal((query.Tokens.Total, 2), (state.Find("ask")!.Attempts[0].Usage.Tokens, state.Find("ask")!.Attempts[0].Usage.Turns));
    }
}
