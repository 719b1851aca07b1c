namespace Skep.Testing;

/// <summary>
/// How this project counts tokens where a script does not say: a token for every four characters (UTF-16) of a text, rounded up, and four for each message, for the
/// system text and for each tool. A rule that anyone can compute in a test is worth more here than one that is right about a model.
/// </summary>
public static class TokenRule
{
    /// <summary>Characters of a token.</summary>
    public const int CharsPerToken = 4;

    /// <summary>Tokens that each message, system text and tool takes beside its text.</summary>
    public const int PerMessage = 4;

    /// <summary>Tokens of a text.</summary>
    public static long Text(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return (text.Length + CharsPerToken - 1) / CharsPerToken;
    }

    /// <summary>Tokens of a request.</summary>
    public static long Input(ModelRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var sum = request.System.Length == 0 ? 0 : PerMessage + Text(request.System);
        foreach (var tool in request.Tools) sum += PerMessage + Text(tool);
        foreach (var message in request.Messages) sum += PerMessage + Of(message);
        return sum;
    }

    /// <summary>Tokens of an answer.</summary>
    public static long Output(ModelAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        return Text(answer.Text) + Text(answer.Reasoning) + answer.Calls.Sum(Call);
    }

    /// <summary>Tokens of a call: its name and its arguments.</summary>
    public static long Call(ModelToolCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        return Text(call.Name) + Text(call.Arguments);
    }

    private static long Of(ModelMessage message) => Text(message.Text) + message.Calls.Sum(Call) + message.Results.Sum(r => Text(r.Text));
}
