using System.Text.Json;
using Microsoft.Extensions.AI;
using Skep.Models.Faults;

namespace Skep.Models.Wire.Anthropic;

/// <summary>Reads streams of the messages format. Kinds of events, blocks and pieces that it does not know are passed over, as the format demands.</summary>
internal sealed class AnthropicDecoder(int maxToolCalls) : StreamDecoder
{
    private readonly List<CallPieces> _open = [];
    private long _input;
    private long _output;
    private long _cacheRead;
    private long _cacheWrite;
    private int _calls;

    /// <inheritdoc />
    public override void Accept(ReadOnlyMemory<byte> data, bool isError, List<AIContent> contents)
    {
        using var frame = JsonDocument.Parse(data);
        var root = frame.RootElement;
        switch (root.Text("type"u8))
        {
            case var type when isError || type == "error": Error = ErrorBody.Of(root) ?? ErrorBody.Inner(root); break;
            case "message_start": StartMessage(root); break;
            case "content_block_start": StartBlock(root, contents); break;
            case "content_block_delta": AcceptPiece(root, contents); break;
            case "content_block_stop": StopBlock(root, contents); break;
            case "message_delta": AcceptEnd(root); break;
            case "message_stop": Ended = true; break;
            case null when root.Has("error"u8, out _): Error = ErrorBody.Of(root) ?? ErrorBody.Inner(root); break;
            case null: throw new InvalidOperationException("a frame has no type");
        }
    }

    /// <inheritdoc />
    public override void Complete(List<AIContent> contents)
    {
        foreach (var call in _open) contents.Add(Read(call));
        _open.Clear();
        if (FinishReason == ChatFinishReason.ContentFilter) Refusal ??= "the model declined";
    }

    private void StartMessage(JsonElement root)
    {
        if (!root.Has("message"u8, out var message)) throw new InvalidOperationException("message_start holds no message");
        ResponseId = message.Text("id"u8);
        ModelId = message.Text("model"u8);
        if (message.Has("usage"u8, out var usage)) Count(usage);
    }

    private void StartBlock(JsonElement root, List<AIContent> contents)
    {
        if (!root.Has("content_block"u8, out var block)) throw new InvalidOperationException("content_block_start holds no block");
        switch (block.Text("type"u8))
        {
            case "text" when block.Text("text"u8) is { Length: > 0 } text: contents.Add(new TextContent(text)); break;
            case "thinking" when block.Text("thinking"u8) is { Length: > 0 } thought: contents.Add(new TextReasoningContent(thought)); break;
            case "redacted_thinking":
                contents.Add(new TextReasoningContent("") { ProtectedData = AnthropicBlocks.RedactedPrefix + block.Text("data"u8) });
                break;
            case "tool_use": StartCall(root, block); break;
        }
    }

    // "input" is empty here and comes in pieces; some proxies send it whole.
    private void StartCall(JsonElement root, JsonElement block)
    {
        if (++_calls > maxToolCalls) throw new TooManyCallsException(maxToolCalls);
        var call = new CallPieces(root.Number("index"u8) ?? _calls) { Id = block.Text("id"u8) ?? "", Name = block.Text("name"u8) ?? "" };
        if (call.Id.Length == 0) call.Id = MakeId(_calls - 1);
        if (block.Has("input"u8, out var input) && input.ValueKind == JsonValueKind.Object && input.EnumerateObject().Any()) call.Add(input.GetRawText());
        _open.Add(call);
    }

    private void AcceptPiece(JsonElement root, List<AIContent> contents)
    {
        if (!root.Has("delta"u8, out var delta)) throw new InvalidOperationException("content_block_delta holds no delta");
        switch (delta.Text("type"u8))
        {
            case "text_delta" when delta.Text("text"u8) is { Length: > 0 } text: contents.Add(new TextContent(text)); break;
            case "thinking_delta" when delta.Text("thinking"u8) is { Length: > 0 } thought: contents.Add(new TextReasoningContent(thought)); break;
            case "signature_delta" when delta.Text("signature"u8) is { Length: > 0 } signature:
                contents.Add(new TextReasoningContent("") { ProtectedData = signature });
                break;
            case "input_json_delta":
                var index = root.Number("index"u8);
                _open.Find(c => c.Index == index)?.Add(delta.Text("partial_json"u8));
                break;
        }
    }

    private void StopBlock(JsonElement root, List<AIContent> contents)
    {
        var index = root.Number("index"u8);
        var at = _open.FindIndex(c => c.Index == index);
        if (at < 0) return;
        contents.Add(Read(_open[at]));
        _open.RemoveAt(at);
    }

    private void AcceptEnd(JsonElement root)
    {
        if (root.Has("usage"u8, out var usage)) Count(usage);
        if (!root.Has("delta"u8, out var delta) || delta.Text("stop_reason"u8) is not { } reason) return;
        FinishReason = reason switch
        {
            "end_turn" or "stop_sequence" => ChatFinishReason.Stop,
            "max_tokens" or "model_context_window_exceeded" => ChatFinishReason.Length,
            "tool_use" => ChatFinishReason.ToolCalls,
            "refusal" => ChatFinishReason.ContentFilter,
            _ => new(reason),
        };
        if (FinishReason == ChatFinishReason.ContentFilter && delta.Has("stop_details"u8, out var details)) Refusal = details.Text("explanation"u8);
    }

    private static FunctionCallContent Read(CallPieces call) => ToolArguments.Read(call.Id, call.Name, call.Arguments);

    // Numbers are totals of the message so far; later ones replace earlier ones.
    private void Count(JsonElement usage)
    {
        _input = usage.Number("input_tokens"u8) ?? _input;
        _output = usage.Number("output_tokens"u8) ?? _output;
        _cacheRead = usage.Number("cache_read_input_tokens"u8) ?? _cacheRead;
        _cacheWrite = usage.Number("cache_creation_input_tokens"u8) ?? _cacheWrite;
        Usage = Counts(_input + _cacheRead + _cacheWrite, _output, _cacheRead, _cacheWrite, null);
    }
}
