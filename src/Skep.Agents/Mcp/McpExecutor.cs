using System.Text;
using System.Text.Json;
using Skep.Orchestration;
using Skep.Orchestration.Commands;
using Skep.Orchestration.Output;
using Skep.Plans;

namespace Skep.Agents.Mcp;

/// <summary>Does a task by one call of an MCP server's tool (executor <c>mcp</c>). Its answer is the output <c>text</c>; members of an answer that is a JSON object are outputs, too.</summary>
internal sealed class McpExecutor(McpPool pool, McpDefinitions definitions, Func<IReadOnlyDictionary<string, string>> host) : IExecutor, IAsyncDisposable
{
    /// <summary>Output that holds the answer.</summary>
    public const string TextOutput = "text";

    /// <inheritdoc />
    public string Kind => ExecutorKinds.Mcp;

    /// <inheritdoc />
    public async Task<AttemptResult> ExecuteAsync(AttemptRequest request, IAttemptContext context, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(context);
        var (masker, problem) = SecretValues.Read(request, host());
        if (problem is not null) return AttemptResult.Failure(problem, retryable: false);
        using var log = new AttemptLog(request, context, masker);
        using var heartbeat = HeartbeatTimer.Start(request, context);
        try
        {
            return await CallAsync(request, masker, log, cancel);
        }
        catch (McpServerException e)
        {
            return AttemptResult.Failure(masker.MaskText(e.Message), e.IsTransient);
        }
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => pool.DisposeAsync();

    private async Task<AttemptResult> CallAsync(AttemptRequest request, SecretMasker masker, AttemptLog log, CancellationToken cancel)
    {
        var (server, tool) = NamesOf(request);
        var definition = definitions.Find(request, server);
        var connection = pool.For(definition);
        var offered = await connection.ToolsAsync(cancel);
        var called = offered.FirstOrDefault(t => t.Name == tool) ?? throw McpToolSource.Missing(definition, tool, offered);
        // Another attempt is another call: what the first one did is not known, and the plan's 'retry' says whether that matters.
        var result = await connection.CallAsync(tool, McpArguments.Of(request.With, called.InputSchema), request.IdempotencyKey, isRepeatable: false, cancel);
        var text = masker.MaskText(result.Text);
        log.Write(Encoding.UTF8.GetBytes(text + "\n"));
        if (result.IsError) return AttemptResult.Failure($"{server}/{tool} answered with an error: {Text.Shorten(text, 1000)}") with { LogTail = log.Finish(), LogFile = log.RelativePath };
        return new AttemptResult { Outcome = AttemptOutcome.Succeeded, Outputs = OutputsOf(text), LogTail = log.Finish(), LogFile = log.RelativePath };
    }

    private static (string Server, string Tool) NamesOf(AttemptRequest request)
    {
        var parts = (request.Agent.Uses ?? "").Split('/', 2);
        var tool = request.Tool ?? (parts.Length > 1 ? parts[1] : "");
        return parts[0].Length > 0 && tool.Length > 0 ? (parts[0], tool)
            : throw new McpServerException($"task '{request.TaskId}' does not say which tool it calls: give agent '{request.Agent.Id}' 'uses: SERVER/TOOL', or the task 'tool: TOOL'", isTransient: false);
    }

    /// <summary>What fits into an output; the log has all of it.</summary>
    private static string Kept(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        if (bytes.Length <= OutputParser.MaxValueBytes) return text;
        var end = OutputParser.MaxValueBytes - 100;
        while ((bytes[end] & 0xC0) == 0x80) end--;
        return $"{Encoding.UTF8.GetString(bytes, 0, end)}\n[cut here: {end} of {bytes.Length} bytes]";
    }

    private static Dictionary<string, string> OutputsOf(string text)
    {
        var outputs = new Dictionary<string, string>(StringComparer.Ordinal) { [TextOutput] = Kept(text) };
        try
        {
            using var document = JsonDocument.Parse(text);
            if (document.RootElement.ValueKind != JsonValueKind.Object) return outputs;
            foreach (var member in document.RootElement.EnumerateObject().Take(OutputParser.MaxKeys - 1))
            {
                var value = member.Value.ValueKind == JsonValueKind.String ? member.Value.GetString()! : member.Value.GetRawText();
                if (OutputParser.ProblemOf(member.Name, value) is null) outputs[member.Name] = value;
            }
        }
        catch (JsonException)
        {
            // Not JSON: the text is all there is.
        }

        return outputs;
    }
}
