using System.Text.Json.Serialization;
using Skep.Models;

namespace Skep.Agents.Queries;

/// <summary>Something that happened in a query: one entry of its log. Each is durable before anything follows from it.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "t")]
[JsonDerivedType(typeof(QueryStarted), "started")]
[JsonDerivedType(typeof(QueryRecovered), "recovered")]
[JsonDerivedType(typeof(CallBegun), "call-begun")]
[JsonDerivedType(typeof(CallAnswered), "call-answered")]
[JsonDerivedType(typeof(CallFailed), "call-failed")]
[JsonDerivedType(typeof(CallLost), "call-lost")]
[JsonDerivedType(typeof(ToolsBegun), "tools-begun")]
[JsonDerivedType(typeof(ToolEnded), "tool-ended")]
[JsonDerivedType(typeof(ToolAsked), "tool-asked")]
[JsonDerivedType(typeof(ToolDecided), "tool-decided")]
[JsonDerivedType(typeof(NoteAdded), "note-added")]
[JsonDerivedType(typeof(Compacted), "compacted")]
[JsonDerivedType(typeof(QueryPaused), "paused")]
[JsonDerivedType(typeof(QueryResumed), "resumed")]
[JsonDerivedType(typeof(ModelChanged), "model-changed")]
[JsonDerivedType(typeof(PermissionChanged), "permission-changed")]
[JsonDerivedType(typeof(OutputReduced), "output-reduced")]
[JsonDerivedType(typeof(QueryInterrupted), "interrupted")]
[JsonDerivedType(typeof(SessionOpened), "session-opened")]
[JsonDerivedType(typeof(SessionClosed), "session-closed")]
[JsonDerivedType(typeof(AgentActed), "agent-acted")]
[JsonDerivedType(typeof(UsageCounted), "usage-counted")]
[JsonDerivedType(typeof(QueryEnded), "ended")]
public abstract record QueryEvent;

/// <summary>The query begins. What the model is told stands here, so that a conversation that is taken up again is the same one.</summary>
/// <param name="Agent">Name of the agent instance.</param>
/// <param name="Model">The model, as plans name models.</param>
/// <param name="Fallbacks">Models to go down to, in order.</param>
/// <param name="Permission">Permission mode.</param>
/// <param name="System">System prompt.</param>
/// <param name="Prompt">First message.</param>
/// <param name="Tools">Names of its tools.</param>
/// <param name="MaxTurns">Most answers of models.</param>
/// <param name="Schema">JSON Schema of the answer, or null for text.</param>
public sealed record QueryStarted(
    string Agent, string Model, IReadOnlyList<string> Fallbacks, string Permission, string System, string Prompt, IReadOnlyList<string> Tools, int MaxTurns, string? Schema) : QueryEvent
{
    /// <summary>The executor that works on it; null: <c>chat</c>.</summary>
    public string? Kind { get; init; }
}

/// <summary>Another process took it up.</summary>
public sealed record QueryRecovered : QueryEvent;

/// <summary>Why a model is called.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CallPurpose>))]
public enum CallPurpose
{
    /// <summary>For the next turn.</summary>
    Turn,

    /// <summary>To sum up what no longer fits into the window.</summary>
    Summary,
}

/// <summary>A model is about to be called. Nothing has left the process yet.</summary>
/// <param name="Call">Number of the call from 1; a try that follows a failed one has the same.</param>
/// <param name="Try">Number of the try from 1.</param>
/// <param name="Model">The model as <c>provider/model</c>, whatever the plan calls it.</param>
/// <param name="Purpose">Why.</param>
/// <param name="Tokens">Tokens that were reserved for it.</param>
/// <param name="Usd">Dollars that were reserved for it; null when the price is unknown.</param>
public sealed record CallBegun(int Call, int Try, string Model, CallPurpose Purpose, long Tokens, decimal? Usd) : QueryEvent
{
    /// <summary>How many of the notes that waited go with it, the first ones; null: all. What is said while it is under way waits for the next.</summary>
    public int? Notes { get; init; }
}

/// <summary>A model has answered in full. It is not asked again for this.</summary>
/// <param name="Call">Number of the call.</param>
/// <param name="Model">The model.</param>
/// <param name="Turn">What it said.</param>
/// <param name="Tokens">What that took.</param>
/// <param name="Usd">What it cost; null when the price is unknown.</param>
/// <param name="SavedUsd">What the provider's prompt cache saved.</param>
/// <param name="Ms">How long it took in milliseconds.</param>
/// <param name="FirstMs">How long until the first piece came.</param>
/// <param name="RequestId">How the provider names the request.</param>
public sealed record CallAnswered(int Call, string Model, AssistantTurn Turn, TokenCount Tokens, decimal? Usd, decimal? SavedUsd, long Ms, long FirstMs, string? RequestId) : QueryEvent;

/// <summary>A try failed.</summary>
/// <param name="Call">Number of the call.</param>
/// <param name="Try">Number of the try.</param>
/// <param name="Model">The model.</param>
/// <param name="Fault">What went wrong.</param>
/// <param name="Error">In words.</param>
/// <param name="Tokens">What it may have taken: all that was reserved once an answer had begun and nobody knows, else nothing.</param>
/// <param name="Usd">What it may have cost.</param>
public sealed record CallFailed(int Call, int Try, string Model, ModelFault Fault, string Error, long Tokens, decimal? Usd) : QueryEvent;

/// <summary>A call was in flight when its process ended; nobody knows what came of it. What was reserved counts as used.</summary>
/// <param name="Call">Number of the call.</param>
/// <param name="Model">The model.</param>
/// <param name="Tokens">What was reserved for it.</param>
/// <param name="Usd">The same in dollars; null when the price is unknown.</param>
public sealed record CallLost(int Call, string Model, long Tokens, decimal? Usd) : QueryEvent;

/// <summary>Tools are about to run.</summary>
/// <param name="Call">Number of the call whose answer asks for them.</param>
/// <param name="Indexes">Which of its tool calls.</param>
public sealed record ToolsBegun(int Call, IReadOnlyList<int> Indexes) : QueryEvent;

/// <summary>A tool has answered. It never runs again for this.</summary>
/// <param name="Call">Number of the call.</param>
/// <param name="Index">Which of its tool calls.</param>
/// <param name="Text">What it answered.</param>
/// <param name="IsError">Whether it could not do it.</param>
/// <param name="Ms">How long it took.</param>
public sealed record ToolEnded(int Call, int Index, string Text, bool IsError, long Ms) : QueryEvent;

/// <summary>A tool call waits for a person.</summary>
/// <param name="Call">Number of the call.</param>
/// <param name="Index">Which of its tool calls.</param>
/// <param name="Question">What is asked.</param>
/// <param name="InDoubt">Whether it may have run already.</param>
public sealed record ToolAsked(int Call, int Index, string Question, bool InDoubt) : QueryEvent;

/// <summary>A person has decided on a tool call.</summary>
/// <param name="Call">Number of the call.</param>
/// <param name="Index">Which of its tool calls.</param>
/// <param name="Approved">Whether it may run.</param>
/// <param name="By">Who.</param>
/// <param name="Text">What they said to it.</param>
public sealed record ToolDecided(int Call, int Index, bool Approved, string By, string Text) : QueryEvent;

/// <summary>Something is said to the model before its next turn.</summary>
/// <param name="Text">What.</param>
/// <param name="By">Who: a person, or <c>skep</c>.</param>
/// <param name="Repair">Whether it asks the model to mend its answer.</param>
public sealed record NoteAdded(string Text, string By, bool Repair) : QueryEvent;

/// <summary>The beginning of the conversation was replaced, because it no longer fits into the model's window.</summary>
/// <param name="Items">How many items, from the first on, were replaced.</param>
/// <param name="Summary">What stands for them.</param>
public sealed record Compacted(int Items, string Summary) : QueryEvent;

/// <summary>It stands still.</summary>
/// <param name="By">Who wanted that.</param>
/// <param name="Why">Why.</param>
public sealed record QueryPaused(string By, string Why) : QueryEvent;

/// <summary>It goes on.</summary>
/// <param name="By">Who wanted that.</param>
public sealed record QueryResumed(string By) : QueryEvent;

/// <summary>Another model answers from the next turn on.</summary>
/// <param name="From">The model so far.</param>
/// <param name="To">The model from now on.</param>
/// <param name="By">Who wanted that.</param>
/// <param name="Why">Why.</param>
public sealed record ModelChanged(string From, string To, string By, string Why) : QueryEvent;

/// <summary>Another permission mode holds from the next tool call on.</summary>
/// <param name="To">The mode.</param>
/// <param name="By">Who wanted that.</param>
public sealed record PermissionChanged(string To, string By) : QueryEvent;

/// <summary>Answers may be shorter from the next turn on.</summary>
/// <param name="Tokens">Longest answer in tokens.</param>
/// <param name="By">Who wanted that.</param>
/// <param name="Why">Why.</param>
public sealed record OutputReduced(int Tokens, string By, string Why) : QueryEvent;

/// <summary>Its process was told to stop while a model was answering. What had come so far is kept for people; the call counts as lost.</summary>
/// <param name="Partial">The text so far.</param>
public sealed record QueryInterrupted(string Partial) : QueryEvent;

/// <summary>It is over.</summary>
/// <param name="Status">Complete, terminated or error.</param>
/// <param name="Error">Why it is not complete.</param>
/// <param name="Retryable">Whether another attempt may help.</param>
public sealed record QueryEnded(QueryStatus Status, string? Error, bool Retryable) : QueryEvent;

/// <summary>An event with its place in the log.</summary>
/// <param name="Seq">Number from 1.</param>
/// <param name="At">When.</param>
/// <param name="Event">What happened.</param>
public readonly record struct RecordedQueryEvent(long Seq, DateTimeOffset At, QueryEvent Event);
