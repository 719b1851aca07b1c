using System.Text.Json;
using Skep.Memory;
using Skep.Orchestration;
using Skep.Orchestration.Processes;
using Skep.Storage;

namespace Skep.Agents.Tools;

/// <summary>
/// What all built-in tools share: arguments are checked against the tool's own schema before anything is done, and whatever goes wrong is a result
/// that the model can act on.
/// </summary>
/// <param name="schema">The schema of the arguments, as JSON text.</param>
internal abstract class BuiltInTool(string schema) : IAgentTool
{
    /// <summary>Longest error that a model is told, in characters.</summary>
    public const int MaxError = 2000;

    private readonly ToolSchema _schema = ToolSchema.Parse(schema);

    public abstract string Name { get; }

    public abstract string Description { get; }

    public JsonElement Parameters => _schema.Element;

    public abstract ToolKind Kind { get; }

    public abstract ToolRepeat Repeat { get; }

    public async Task<ToolResult> InvokeAsync(ToolCall call, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(call);
        cancel.ThrowIfCancellationRequested();
        try
        {
            return await RunAsync(_schema.Read(call.Arguments), call, cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception e) when (IsAnswer(e))
        {
            return Error(e.Message);
        }
#pragma warning disable CA1031 // A fault of a tool ends the call, not the conversation.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return Error($"{Name} failed: {e.Message}");
        }
    }

    /// <summary>Does it, with arguments that fit the schema.</summary>
    protected abstract Task<ToolResult> RunAsync(ToolArguments args, ToolCall call, CancellationToken cancel);

    private static bool IsAnswer(Exception e) => e is ToolRefusal or RequestException or MemoryException or StorageException or ProcessStartException;

    /// <summary>Errors quote what others wrote (names of files), so they are cleaned as results are.</summary>
    private static ToolResult Error(string message) => ToolResult.Error(Text.Shorten(Untrusted.Clean(message), MaxError));
}
