namespace Skep.Testing.Wire.Anthropic;

/// <summary><c>/v1/messages</c>, server side.</summary>
internal sealed class AnthropicFormat : IWireFormat
{
    public ModelRequest Read(WireRequest request, string? agent) => AnthropicReader.Read(request, agent);

    public IEnumerable<WireFrame> Frames(ModelRequest request, WireAnswer answer) => AnthropicStream.Frames(request, answer);

    public byte[] Body(ModelRequest request, WireAnswer answer) => AnthropicWriter.Message(request, answer);

    public byte[] Error(WireRefusal refusal) => WireJson.Bytes(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("type", "error");
        writer.WriteStartObject("error");
        writer.WriteString("type", refusal.Type);
        writer.WriteString("message", refusal.Message);
        writer.WriteEndObject();
        writer.WriteEndObject();
    });

    public WireRefusal Fault(ScriptedFault fault, ModelRequest request)
    {
        if (fault.IsContextTooLong) return ContextTooLong(request.InputTokens + 1, request.InputTokens);
        var message = fault.StatusCode switch
        {
            401 => "invalid x-api-key",
            403 => "Your API key does not have permission to use the specified resource.",
            404 => $"model: {request.Model}",
            429 => "This request would exceed your organization's rate limit.",
            529 => "Overloaded",
            >= 500 => "Internal server error",
            _ => $"The request was refused by the script with status {fault.StatusCode}.",
        };
        return new WireRefusal(fault.StatusCode, Headers.ErrorType(fault.StatusCode, ModelWire.Anthropic), message) { RetryAfter = fault.RetryAfter };
    }

    public byte[] StrangeFrame(string data) => AnthropicStream.Event("content_block_delta", data);

    public byte[] ErrorFrame() => AnthropicStream.Event("error", """{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}""");

    public WireRefusal ContextTooLong(long tokens, long window) => WireRefusal.Invalid($"prompt is too long: {tokens} tokens > {window} maximum");
}
