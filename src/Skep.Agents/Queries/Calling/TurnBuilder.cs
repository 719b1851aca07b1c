using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Skep.Models;

namespace Skep.Agents.Queries;

/// <summary>Puts the pieces of a stream together.</summary>
internal sealed class TurnBuilder(Func<string, string> mask)
{
    /// <summary>Longest answer, in characters of its text, its reasoning and its arguments together.</summary>
    public const int MaxChars = 256 * 1024;

    /// <summary>Most tool calls of one answer.</summary>
    public const int MaxCalls = 128;

    private readonly Lock _lock = new();
    private readonly StringBuilder _text = new();
    private readonly List<RequestedCall> _calls = [];
    private readonly List<Thought> _thoughts = [];
    private readonly StringBuilder _thinking = new();
    private readonly UsageDetails _usage = new();
    private string _finish = "stop";
    private int _chars;

    /// <summary>Whether anything came.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>The provider's name for the request.</summary>
    public string? RequestId { get; private set; }

    /// <summary>Whether the provider said what it took.</summary>
    public bool HasUsage { get; private set; }

    /// <summary>What it took.</summary>
    public UsageDetails Usage => _usage;

    /// <summary>The text so far, masked. May be asked for while pieces come in.</summary>
    public string Text => mask(Raw());

    /// <summary>The last line so far, masked.</summary>
    public string LastLine()
    {
        var text = Raw();
        return mask(text[(text.TrimEnd('\n').LastIndexOf('\n') + 1)..].TrimEnd('\n'));
    }

    /// <summary>Tokens of all that has come.</summary>
    public long Estimate() => CallClaim.Estimate(Raw()) + _thoughts.Sum(t => CallClaim.Estimate(t.Text)) + CallClaim.Estimate(_thinking.ToString())
        + _calls.Sum(c => CallClaim.Estimate(c.Tool) + CallClaim.Estimate(c.Arguments));

    /// <summary>Takes a piece.</summary>
    /// <exception cref="ModelException">The answer is too long.</exception>
    public void Add(ChatResponseUpdate update)
    {
        HasBegun = true;
        if (update.AdditionalProperties?.TryGetValue(ModelProperties.RequestId, out var id) == true) RequestId = id as string;
        foreach (var content in update.Contents) Add(content);
        if (update.FinishReason is { } finish) _finish = finish.Value;
        if (_chars > MaxChars) throw new ModelException(ModelFault.Malformed, $"the model's answer is longer than {MaxChars} characters, which is the most that is kept: ask for less, or lower 'limits: {{ output_tokens: … }}'");
    }

    /// <summary>The turn.</summary>
    public AssistantTurn Build()
    {
        EndThought(null);
        return new AssistantTurn(Text, _calls, _finish) { Thoughts = _thoughts.Count > 0 ? _thoughts : null };
    }

    private void Add(AIContent content)
    {
        switch (content)
        {
            case TextReasoningContent thought: Think(thought); break;
            case TextContent text: AddText(text.Text); break;
            case FunctionCallContent call: AddCall(call); break;
            case UsageContent usage: HasUsage = true; _usage.Add(usage.Details); break;
        }
    }

    private void AddText(string text)
    {
        Count(text);
        lock (_lock) _text.Append(text);
    }

    private string Raw()
    {
        lock (_lock) return _text.ToString();
    }

    private void Think(TextReasoningContent thought)
    {
        Count(thought.Text);
        _thinking.Append(thought.Text);
        if (thought.ProtectedData is { } signature) EndThought(signature);
    }

    private void EndThought(string? signature)
    {
        if (_thinking.Length == 0 && signature is null) return;
        _thoughts.Add(new Thought(mask(_thinking.ToString()), signature));
        _thinking.Clear();
    }

    private void AddCall(FunctionCallContent call)
    {
        var arguments = call.Exception is not null && call.AdditionalProperties?.TryGetValue(ModelProperties.RawArguments, out var raw) == true ? raw as string ?? "" : Write(call.Arguments);
        Count(call.Name);
        Count(arguments);
        if (_calls.Count == MaxCalls) throw new ModelException(ModelFault.Malformed, $"the model calls more than {MaxCalls} tools in one answer, which is the most that is taken: tell it in the prompt to do fewer things at once");
        // Answers are matched to calls by this name; one that is there twice would mix them up.
        var id = _calls.Exists(c => c.Id == call.CallId) || string.IsNullOrEmpty(call.CallId) ? $"{call.CallId}~{_calls.Count}" : call.CallId;
        _calls.Add(new RequestedCall(id, call.Name, mask(arguments)));
    }

    private void Count(string text) => _chars += text.Length;

    private static string Write(IDictionary<string, object?>? arguments)
    {
        if (arguments is null or { Count: 0 }) return "{}";
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach (var (name, value) in arguments)
            {
                json.WritePropertyName(name);
                Write(json, value);
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    private static void Write(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null: json.WriteNullValue(); break;
            case JsonElement element: element.WriteTo(json); break;
            case string text: json.WriteStringValue(text); break;
            case bool truth: json.WriteBooleanValue(truth); break;
            case int number: json.WriteNumberValue(number); break;
            case long number: json.WriteNumberValue(number); break;
            case double number: json.WriteNumberValue(number); break;
            default: json.WriteStringValue(value.ToString()); break; // a client of a host's own, with types of its own
        }
    }
}
