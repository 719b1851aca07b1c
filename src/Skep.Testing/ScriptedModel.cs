using System.Net;
using Skep.Testing.Wire;
using Skep.Testing.Wire.Anthropic;
using Skep.Testing.Wire.OpenAi;

namespace Skep.Testing;

/// <summary>
/// A model that follows a <see cref="Script"/>: the same script, asked the same, answers the same. It is asked through a host,
/// <see cref="ScriptedModelHandler"/> within a process or <see cref="ScriptedModelServer"/> over sockets; several hosts may share one. Thread-safe.
/// </summary>
public sealed class ScriptedModel
{
    /// <summary>Agents, or turns, that the uses of a rule are counted for; beyond them a request is refused.</summary>
    public const int MaxScopes = 200_000;

    private static readonly OpenAiFormat OpenAi = new();
    private static readonly AnthropicFormat Anthropic = new();
    private readonly RuleBook _rules;
    private readonly RateDesk _rates;

    /// <summary>Makes a model.</summary>
    public ScriptedModel(Script script, ScriptedModelOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(script);
        Script = script;
        Options = options ?? new ScriptedModelOptions();
        Exchanges = new ExchangeLog(Options.MaxExchanges, Options.MaxExchangeBytes);
        _rules = new RuleBook(script);
        _rates = new RateDesk(script.Limits);
    }

    /// <summary>The script.</summary>
    public Script Script { get; }

    /// <summary>What it was given besides.</summary>
    public ScriptedModelOptions Options { get; }

    /// <summary>All that was asked and answered.</summary>
    public ExchangeLog Exchanges { get; }

    /// <summary>What the rate limit did.</summary>
    public RateStatistics Rates => _rates.Statistics;

    /// <summary>A model from a script in YAML.</summary>
    /// <exception cref="ScriptException">It is not a script.</exception>
    public static ScriptedModel Parse(string yaml, ScriptedModelOptions? options = null) => new(Script.Parse(yaml), options);

    /// <summary>A model from a script in code.</summary>
    /// <exception cref="ScriptException">The script contradicts itself.</exception>
    public static ScriptedModel Build(Action<ScriptBuilder> write, ScriptedModelOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(write);
        var builder = new ScriptBuilder();
        write(builder);
        return new ScriptedModel(builder.Build(), options);
    }

    /// <summary>Answers a request as a host brings it.</summary>
    internal WireReply Answer(WireRequest request)
    {
        var path = request.Path.TrimEnd('/');
        if (path.EndsWith("/chat/completions", StringComparison.Ordinal)) return Ask(request, OpenAi);
        if (path.EndsWith("/messages", StringComparison.Ordinal)) return Ask(request, Anthropic);
        if (path.EndsWith("/embeddings", StringComparison.Ordinal)) return Embed(request);
        var isList = path.EndsWith("/models", StringComparison.Ordinal);
        if (!isList) return Refuse(OpenAi, null, NoSuchPath(request), ExchangeOutcome.Refused);
        if (request.Method != "GET") return Refuse(OpenAi, null, WrongMethod(request, "GET"), ExchangeOutcome.Refused);
        return new WireReply(ErrorReply.Steps(200, ModelList.Body(Script.Models, request.Header("anthropic-version") is not null), []), null);
    }

    private WireReply Ask(WireRequest raw, IWireFormat format)
    {
        ModelRequest? request = null;
        var outcome = ExchangeOutcome.Refused;
        try
        {
            if (raw.Method != "POST") throw WrongMethod(raw, "POST");
            CheckKey(Headers.ApiKey(raw), format);
            request = format.Read(raw, Options.AgentOf(raw.Headers) ?? raw.Header(Options.AgentHeader));
            CheckModel(request, format);
            CheckContext(request, format);
            outcome = ExchangeOutcome.RateLimited;
            var now = Options.Time.GetUtcNow();
            var standing = _rates.Enter(request, now);
            outcome = ExchangeOutcome.Unscripted;
            var ruling = _rules.Find(request);
            return ruling.Rule.Fault is { Kind: FaultKind.Status } fault ? Fail(request, format, ruling, fault) : Say(request, format, ruling, standing);
        }
        catch (WireRefusal refusal)
        {
            return Refuse(format, request, refusal, outcome);
        }
        catch (Exception e) when (outcome == ExchangeOutcome.Unscripted)
        {
            // Conditions and answers in code are the script's author's; what they throw shall reach a reader, not end a connection without a word.
            return Refuse(format, request, WireRefusal.Invalid($"script '{Script.Name}': a rule threw {e.GetType().Name}: {e.Message}", code: "script_error"), outcome);
        }
    }

    // Keys, models and rate limits hold as for chats. No rule is asked: vectors follow from the texts.
    private WireReply Embed(WireRequest raw)
    {
        var outcome = ExchangeOutcome.Refused;
        try
        {
            if (raw.Method != "POST") throw WrongMethod(raw, "POST");
            CheckKey(Headers.ApiKey(raw), OpenAi);
            var request = OpenAiEmbeddings.Read(raw, Options.AgentOf(raw.Headers) ?? raw.Header(Options.AgentHeader));
            CheckModel(request.Asked, OpenAi);
            outcome = ExchangeOutcome.RateLimited;
            var standing = _rates.Enter(request.Asked, Options.Time.GetUtcNow());
            return new WireReply(ErrorReply.Steps((int)HttpStatusCode.OK, OpenAiEmbeddings.Body(request), Headers.Of(standing, ModelWire.OpenAi)), null);
        }
        catch (WireRefusal refusal)
        {
            return Refuse(OpenAi, null, refusal, outcome);
        }
    }

    private WireReply Say(ModelRequest request, IWireFormat format, Ruling ruling, RateStanding standing)
    {
        var now = standing.Now;
        var (fault, pace) = (ruling.Rule.Fault, ruling.Rule.Pace ?? Script.Pace);
        var answer = AnswerMaker.Make(request, ruling);
        _rates.Spend(request, now, answer.Usage);
        var spoilt = fault is { SpoilsAnswer: true };
        var isSilent = fault?.Kind is FaultKind.Never or FaultKind.DropBeforeHeaders;
        var exchange = Record(new Exchange(Exchanges)
        {
            At = now,
            Request = request,
            Outcome = spoilt ? ExchangeOutcome.Faulted : ExchangeOutcome.Answered,
            Status = isSilent ? 0 : (int)HttpStatusCode.OK,
            Rule = ruling.Rule.Name,
            Answer = answer,
        });
        var wire = new WireAnswer(answer, pace.Pieces, now.ToUnixTimeSeconds(), fault?.Kind != FaultKind.NoUsage);
        if (fault?.Kind == FaultKind.ErrorInStream && !request.Stream)
            return new WireReply(ErrorReply.Steps(format, format.Fault(ScriptedFault.Status((int)HttpStatusCode.InternalServerError), request), request.Wire), exchange);
        var performance = new Performance(format, pace, fault, [new("x-request-id", $"req_{ConversationHash.Id(request.Prefix, "request", 0)}"), .. Headers.Of(standing, request.Wire)]);
        var steps = request.Stream ? performance.Stream([.. format.Frames(request, wire)]) : performance.Whole(format.Body(request, wire));
        return new WireReply(steps, exchange);
    }

    private WireReply Fail(ModelRequest request, IWireFormat format, Ruling ruling, ScriptedFault fault)
    {
        var refusal = format.Fault(fault, request);
        var exchange = Record(new Exchange(Exchanges)
        {
            At = Options.Time.GetUtcNow(),
            Request = request,
            Outcome = ExchangeOutcome.Faulted,
            Status = refusal.Status,
            Rule = ruling.Rule.Name,
            Problem = refusal.Message,
        });
        return new WireReply(ErrorReply.Steps(format, refusal, request.Wire, fault), exchange);
    }

    private WireReply Refuse(IWireFormat format, ModelRequest? request, WireRefusal refusal, ExchangeOutcome outcome)
    {
        var exchange = Record(new Exchange(Exchanges)
        {
            At = Options.Time.GetUtcNow(),
            Request = request,
            Outcome = outcome,
            Status = refusal.Status,
            Problem = refusal.Message,
        });
        return new WireReply(ErrorReply.Steps(format, refusal, format is OpenAiFormat ? ModelWire.OpenAi : ModelWire.Anthropic), exchange);
    }

    private Exchange Record(Exchange exchange)
    {
        Exchanges.Add(exchange);
        return exchange;
    }

    private void CheckKey(string? key, IWireFormat format)
    {
        if (Script.Keys.Count == 0 || key is not null && Script.Keys.Contains(key)) return;
        var (type, message) = (format, key) switch
        {
            (AnthropicFormat, null) => ("authentication_error", "x-api-key header is required"),
            (AnthropicFormat, _) => ("authentication_error", "invalid x-api-key"),
            (_, null) => ("invalid_request_error", "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth."),
            _ => ("invalid_request_error", "Incorrect API key provided."),
        };
        throw new WireRefusal((int)HttpStatusCode.Unauthorized, type, message) { Code = key is null ? null : "invalid_api_key" };
    }

    private void CheckModel(ModelRequest request, IWireFormat format)
    {
        if (Script.Models.Count > 0 && !Script.Models.Contains(request.Model)) throw format.Fault(ScriptedFault.Status((int)HttpStatusCode.NotFound), request);
    }

    private void CheckContext(ModelRequest request, IWireFormat format)
    {
        if (Script.Limits.ContextTokens is not { } window) return;
        var tokens = request.InputTokens + (format is OpenAiFormat ? request.MaxTokens ?? 0 : 0);
        if (tokens > window) throw format.ContextTooLong(tokens, window);
    }

    private static WireRefusal NoSuchPath(WireRequest request) =>
        new((int)HttpStatusCode.NotFound, "invalid_request_error", $"Invalid URL ({request.Method} {request.Path}); there is /v1/chat/completions, /v1/messages, /v1/embeddings and /v1/models");

    private static WireRefusal WrongMethod(WireRequest request, string right) =>
        new((int)HttpStatusCode.MethodNotAllowed, "invalid_request_error", $"Not allowed to {request.Method} on {request.Path} ; use {right}");
}
