using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

// A small MCP server over standard input and output for tests. Every start and every call is a line in the file that TEST_LOG names.
var log = Environment.GetEnvironmentVariable("TEST_LOG");
void Note(string line)
{
    if (log is not null) File.AppendAllText(log, line + "\n");
}

Note($"start {Environment.ProcessId}");
if (args is ["broken"])
{
    Console.Error.WriteLine("cannot begin: the moon is full");
    return 3;
}

var tools = new Dictionary<string, (string Schema, ToolAnnotations? Hints, Func<JsonElement, CallToolResult> Call)>
{
    ["echo"] = ("""{"type":"object","properties":{"text":{"type":"string"}},"required":["text"]}""", new() { ReadOnlyHint = true }, a => Text(a.GetProperty("text").GetString()!)),
    ["add"] = ("""{"type":"object","properties":{"a":{"type":"integer"},"b":{"type":"integer"}}}""", null, a => Text($$"""{"sum":{{a.GetProperty("a").GetInt32() + a.GetProperty("b").GetInt32()}},"by":"test"}""")),
    ["fail"] = ("""{"type":"object"}""", null, _ => new CallToolResult { IsError = true, Content = [new TextContentBlock { Text = "no such thing" }] }),
    ["refuse"] = ("""{"type":"object"}""", null, _ => throw new McpProtocolException("the arguments are nonsense", McpErrorCode.InvalidParams)),
    ["env"] = ("""{"type":"object"}""", null, _ => Text(string.Join('\n', Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>().Select(e => $"{e.Key}={e.Value}").Order()))),
    ["big"] = ("""{"type":"object"}""", null, _ => Text(new string('x', 300_000))),
    ["picture"] = ("""{"type":"object"}""", null, _ => new CallToolResult { Content = [ImageContentBlock.FromBytes(new byte[12], "image/png"), new TextContentBlock { Text = "a picture" }] }),
    ["die"] = ("""{"type":"object"}""", null, _ => Die()),
    ["die_once"] = ("""{"type":"object"}""", new() { IdempotentHint = true }, _ => File.ReadAllLines(log!).Count(l => l.StartsWith("call die_once", StringComparison.Ordinal)) > 1 ? Text("alive") : Die()),
    ["forever"] = ("""{"type":"object"}""", null, _ => throw new TimeoutException()),
};

var options = new McpServerOptions { ServerInfo = new Implementation { Name = "test", Version = "1" } };
options.Handlers.ListToolsHandler = (_, _) => ValueTask.FromResult(new ListToolsResult
{
    Tools = [.. tools.Select(t => new Tool { Name = t.Key, Description = $"The tool {t.Key}.", InputSchema = JsonElement.Parse(t.Value.Schema), Annotations = t.Value.Hints })],
});
options.Handlers.CallToolHandler = async (context, cancel) =>
{
    var call = context.Params!;
    Note($"call {call.Name} {call.Meta?["skep/idempotency-key"]}");
    if (call.Name == "forever") await Task.Delay(Timeout.Infinite, cancel);
    return tools[call.Name].Call(JsonSerializer.SerializeToElement(call.Arguments ?? new Dictionary<string, JsonElement>()));
};
await using var server = McpServer.Create(new StdioServerTransport("test"), options);
await server.RunAsync();
return 0;

static CallToolResult Text(string text) => new() { Content = [new TextContentBlock { Text = text }] };

static CallToolResult Die()
{
    Console.Error.WriteLine("I was told to die");
    Environment.Exit(7);
    return null!;
}
