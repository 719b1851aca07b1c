using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.AI;
using Skep.Models.Tests.Wire;

namespace Skep.Models.Tests;

public class TokenEstimateTests
{
    [Theory]
    [InlineData(null, 0)]
    [InlineData("", 0)]
    [InlineData("HTTPServer", 5)]
    [InlineData("रानी", 10)]
    [InlineData("the bee", 3)]
    [InlineData("internationalization", 9)]
    [InlineData("camelCaseName", 8)]
    [InlineData("12345", 4)]
    [InlineData("a  b", 4)]
    [InlineData("x = y;\n", 7)]
    [InlineData("Größe", 5)]
    [InlineData("蜂の巣", 8)]
    [InlineData("🐝", 5)]
    public void Tokens_of_a_text(string? text, int tokens) => Assert.Equal(tokens, TokenEstimate.Of(text));

    [Fact]
    public void It_is_never_less_than_a_sixth_of_the_bytes_and_never_more_than_the_bytes() =>
        Prop.ForAll<NonNull<string>>(text =>
        {
            var bytes = System.Text.Encoding.UTF8.GetByteCount(text.Get.Replace(" ", "").Replace("\r", "").Replace("\t", ""));
            var estimate = TokenEstimate.Of(text.Get);
            return estimate * 6 >= bytes && estimate <= System.Text.Encoding.UTF8.GetByteCount(text.Get) * 2;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void More_text_is_never_less() =>
        Prop.ForAll<NonNull<string>, NonNull<string>>((a, b) => TokenEstimate.Of(a.Get + b.Get) >= TokenEstimate.Of(a.Get)).QuickCheckThrowOnFailure();

    [Fact]
    public void All_that_is_sent_counts()
    {
        List<ChatMessage> messages = [new(ChatRole.User, "hi")];
        var options = new ChatOptions();
        var smallest = TokenEstimate.Of(messages, options);
        long Grows(Action change)
        {
            var before = TokenEstimate.Of(messages, options);
            change();
            var after = TokenEstimate.Of(messages, options);
            Assert.True(after > before);
            return after;
        }

        Grows(() => options.Instructions = "be kind");
        Grows(() => options.Tools = [Conversation.Weather]);
        Grows(() => options.ResponseFormat = ChatResponseFormat.ForJsonSchema(Conversation.JsonElement("""{"type":"object"}""")));
        Grows(() => messages.Add(new(ChatRole.Assistant, [new TextReasoningContent("hm") { ProtectedData = "abcdef" }])));
        Grows(() => messages.Add(new(ChatRole.Assistant, [new FunctionCallContent("a", "t", new Dictionary<string, object?> { ["x"] = Conversation.JsonElement("{\"y\":[1,2]}"), ["z"] = "q" })])));
        var all = Grows(() => messages.Add(new(ChatRole.Tool, [new FunctionResultContent("a", "result")])));
        Assert.InRange(all - smallest, 500, 700);
        Assert.Equal(all, messages.Sum(TokenEstimate.Of) + TokenEstimate.OfOptions(options) + 8);
    }
}
