using System.Text.Json;
using Microsoft.Extensions.AI;
using Skep.Models.Faults;

namespace Skep.Models.Wire.OpenAI;

/// <summary>Reads streams of the chat completions format, with what compatible servers do differently.</summary>
internal sealed class OpenAIDecoder(int maxToolCalls) : StreamDecoder
{
    private readonly List<CallPieces> _calls = [];
    private string? _refusal;

    /// <inheritdoc />
    public override void Accept(ReadOnlyMemory<byte> data, bool isError, List<AIContent> contents)
    {
        if (data.Span.Trim((byte)' ').SequenceEqual("[DONE]"u8))
        {
            Ended = true;
            return;
        }

        using var frame = JsonDocument.Parse(data);
        var root = frame.RootElement;
        if (isError || root.Has("error"u8, out _)) Error = ErrorBody.Of(root) ?? ErrorBody.Inner(root);
        else if (root.Text("object"u8) == "error") Error = ErrorBody.Inner(root);
        else AcceptChunk(root, contents);
    }

    /// <inheritdoc />
    public override void Complete(List<AIContent> contents)
    {
        for (var i = 0; i < _calls.Count; i++)
        {
            var call = _calls[i];
            contents.Add(ToolArguments.Read(call.Id.Length > 0 ? call.Id : MakeId(i), call.Name, call.Arguments));
        }

        // Some servers say "stop" beside calls.
        if (_calls.Count > 0 && FinishReason == ChatFinishReason.Stop) FinishReason = ChatFinishReason.ToolCalls;
        if (FinishReason == ChatFinishReason.ContentFilter) Refusal = _refusal ?? "a content filter ended the answer";
        else if (_refusal is not null) Refusal = _refusal;
    }

    private void AcceptChunk(JsonElement chunk, List<AIContent> contents)
    {
        if (chunk.ValueKind != JsonValueKind.Object) throw new InvalidOperationException("a frame is not an object");
        ResponseId ??= chunk.Text("id"u8);
        ModelId ??= chunk.Text("model"u8);
        if (chunk.Has("usage"u8, out var usage)) Usage = Read(usage);
        if (!chunk.Has("choices"u8, out var choices)) return;
        foreach (var choice in choices.EnumerateArray())
        {
            if (choice.Number("index"u8) is > 0) continue;
            AcceptChoice(choice, contents);
        }
    }

    private void AcceptChoice(JsonElement choice, List<AIContent> contents)
    {
        if (choice.Has("delta"u8, out var delta))
        {
            if ((delta.Text("reasoning_content"u8) ?? delta.Text("reasoning"u8)) is { Length: > 0 } thought) contents.Add(new TextReasoningContent(thought));
            if (delta.Text("content"u8) is { Length: > 0 } text) contents.Add(new TextContent(text));
            if (delta.Text("refusal"u8) is { Length: > 0 } refusal) _refusal += refusal;
            if (delta.Has("tool_calls"u8, out var calls)) foreach (var call in calls.EnumerateArray()) AcceptCall(call);
        }

        if (choice.Text("finish_reason"u8) is not { Length: > 0 } reason) return;
        if (reason == "error") Error = ErrorBody.Of(choice) ?? new(null, null, "the model's server failed");
        FinishReason = reason == "function_call" ? ChatFinishReason.ToolCalls : new(reason);
    }

    private void AcceptCall(JsonElement piece)
    {
        var id = piece.Text("id"u8) ?? "";
        var call = Find(piece.Number("index"u8), id);
        if (id.Length > 0) call.Id = id;
        if (!piece.Has("function"u8, out var function)) return;
        if (function.Text("name"u8) is { Length: > 0 } name && call.Name.Length == 0) call.Name = name;
        if (function.Has("arguments"u8, out var arguments)) call.Add(arguments.ValueKind == JsonValueKind.String ? arguments.GetString() : arguments.GetRawText());
    }

    // Some servers give all calls the same number, or none: then a new id begins a new call.
    private CallPieces Find(long? index, string id)
    {
        var found = index is { } number ? _calls.FindLast(c => c.Index == number) : id.Length > 0 ? _calls.Find(c => c.Id == id) : _calls.LastOrDefault();
        if (found is not null && (id.Length == 0 || found.Id.Length == 0 || found.Id == id)) return found;
        if (_calls.Count == maxToolCalls) throw new TooManyCallsException(maxToolCalls);
        _calls.Add(new(index ?? _calls.Count));
        return _calls[^1];
    }

    private static UsageDetails Read(JsonElement usage)
    {
        var hasInput = usage.Has("prompt_tokens_details"u8, out var input);
        var hasOutput = usage.Has("completion_tokens_details"u8, out var output);
        var cached = (hasInput ? input.Number("cached_tokens"u8) : null) ?? usage.Number("prompt_cache_hit_tokens"u8) ?? usage.Number("cached_tokens"u8) ?? 0;
        var written = hasInput ? input.Number("cache_write_tokens"u8) ?? 0 : 0;
        var reasoning = hasOutput ? output.Number("reasoning_tokens"u8) : null;
        return Counts(usage.Number("prompt_tokens"u8) ?? 0, usage.Number("completion_tokens"u8) ?? 0, cached, written, reasoning);
    }
}
