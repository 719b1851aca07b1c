using System.Globalization;

namespace Skep.Testing.Wire.OpenAi;

/// <summary><c>/v1/chat/completions</c>, server side.</summary>
internal sealed class OpenAiFormat : IWireFormat
{
    public ModelRequest Read(WireRequest request, string? agent) => OpenAiReader.Read(request, agent);

    public IEnumerable<WireFrame> Frames(ModelRequest request, WireAnswer answer) => OpenAiStream.Frames(request, answer);

    public byte[] Body(ModelRequest request, WireAnswer answer) => OpenAiWriter.Completion(request, answer);

    public byte[] Error(WireRefusal refusal) => WireJson.Bytes(writer =>
    {
        writer.WriteStartObject();
        writer.WriteStartObject("error");
        writer.WriteString("message", refusal.Message);
        writer.WriteString("type", refusal.Type);
        writer.WriteString("param", refusal.Param);
        writer.WriteString("code", refusal.Code);
        writer.WriteEndObject();
        writer.WriteEndObject();
    });

    public WireRefusal Fault(ScriptedFault fault, ModelRequest request)
    {
        if (fault.IsContextTooLong) return ContextTooLong(request.InputTokens + (request.MaxTokens ?? 0), request.InputTokens);
        var (message, code) = fault.StatusCode switch
        {
            401 => ("Incorrect API key provided. You can find your API key in your account settings.", "invalid_api_key"),
            403 => ("You are not allowed to sample from this model.", null),
            404 => ($"The model `{request.Model}` does not exist or you do not have access to it.", "model_not_found"),
            429 => ("Rate limit reached for requests.", "rate_limit_exceeded"),
            503 or 529 => ("The engine is currently overloaded, please try again later.", null),
            >= 500 => ("The server had an error while processing your request. Sorry about that!", null),
            _ => (string.Create(CultureInfo.InvariantCulture, $"The request was refused by the script with status {fault.StatusCode}."), (string?)null),
        };
        return new WireRefusal(fault.StatusCode, Headers.ErrorType(fault.StatusCode, ModelWire.OpenAi), message) { Code = code, RetryAfter = fault.RetryAfter };
    }

    public byte[] StrangeFrame(string data) => OpenAiStream.Event(data);

    public byte[] ErrorFrame() =>
        OpenAiStream.Event("""{"error":{"message":"The server had an error while processing your request.","type":"server_error","param":null,"code":null}}""");

    public WireRefusal ContextTooLong(long tokens, long window) => WireRefusal.Invalid(
        $"This model's maximum context length is {window} tokens. However, your request needs {tokens} tokens. Please reduce the length of the messages or of the completion.",
        "messages",
        "context_length_exceeded");
}
