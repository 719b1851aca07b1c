using System.Collections.Concurrent;
using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Skep.Server.Tests;

/// <summary>
/// The tools, resources and prompts that the official conformance suite asks servers for, so that all of its scenarios run against our HTTP door. The suite
/// describes them; our real server has no such tools.
/// </summary>
internal static class SuiteServer
{
    private const string NoArguments = """{"type":"object","properties":{}}""";
    private static readonly byte[] Picture = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");
    private static readonly byte[] Sound = [.. "RIFF$\0\0\0WAVEfmt "u8, 16, 0, 0, 0, 1, 0, 1, 0, 64, 31, 0, 0, 64, 31, 0, 0, 1, 0, 8, 0, .. "data"u8, 0, 0, 0, 0];
    private static readonly ConcurrentDictionary<string, bool> Watched = new(StringComparer.Ordinal);

    private static readonly Dictionary<string, (string Schema, Func<RequestContext<CallToolRequestParams>, CancellationToken, Task<CallToolResult>> Call)> Tools = new(StringComparer.Ordinal)
    {
        ["test_simple_text"] = (NoArguments, (_, _) => Says("This is a simple text response for testing.")),
        ["test_image_content"] = (NoArguments, (_, _) => Gives(ImageContentBlock.FromBytes(Picture, "image/png"))),
        ["test_audio_content"] = (NoArguments, (_, _) => Gives(AudioContentBlock.FromBytes(Sound, "audio/wav"))),
        ["test_embedded_resource"] = (NoArguments, (_, _) => Gives(Embedded("test://embedded-resource", "text/plain", "This is an embedded resource content."))),
        ["test_multiple_content_types"] = (NoArguments, (_, _) => Gives(
            new TextContentBlock { Text = "Multiple content types test:" },
            ImageContentBlock.FromBytes(Picture, "image/png"),
            Embedded("test://mixed-content-resource", "application/json", """{"test":"data","value":123}"""))),
        ["test_tool_with_logging"] = (NoArguments, LogsAsync),
        ["test_tool_with_progress"] = (NoArguments, ProgressAsync),
        ["test_error_handling"] = (NoArguments, (_, _) => Task.FromResult(new CallToolResult { IsError = true, Content = [new TextContentBlock { Text = "This tool intentionally returns an error for testing" }] })),
        ["test_reconnection"] = (NoArguments, ReconnectsAsync),
        ["test_sampling"] = (Text("prompt"), SamplesAsync),
        ["test_elicitation"] = (Text("message"), async (call, cancel) =>
        {
            var said = await AskAsync(call, Argument(call, "message"), """{"username":{"type":"string","description":"User's response"},"email":{"type":"string","description":"User's email address"}}""", cancel);
            return await Says($"User response: {said}");
        }),
        ["test_elicitation_sep1034_defaults"] = (NoArguments, async (call, cancel) => await Says("Elicitation completed: " + await AskAsync(call, "Defaults", """
            {"name":{"type":"string","default":"John Doe"},"age":{"type":"integer","default":30},"score":{"type":"number","default":95.5},
             "status":{"type":"string","enum":["active","inactive","pending"],"default":"active"},"verified":{"type":"boolean","default":true}}
            """, cancel))),
        ["test_elicitation_sep1330_enums"] = (NoArguments, async (call, cancel) => await Says("Elicitation completed: " + await AskAsync(call, "Choices", """
            {"untitledSingle":{"type":"string","enum":["option1","option2","option3"]},
             "titledSingle":{"type":"string","oneOf":[{"const":"value1","title":"First Option"},{"const":"value2","title":"Second Option"},{"const":"value3","title":"Third Option"}]},
             "legacyEnum":{"type":"string","enum":["opt1","opt2","opt3"],"enumNames":["Option One","Option Two","Option Three"]},
             "untitledMulti":{"type":"array","items":{"type":"string","enum":["option1","option2","option3"]}},
             "titledMulti":{"type":"array","items":{"anyOf":[{"const":"value1","title":"First Choice"},{"const":"value2","title":"Second Choice"},{"const":"value3","title":"Third Choice"}]}}}
            """, cancel))),
        ["json_schema_2020_12_tool"] = ("""
            {"$schema":"https://json-schema.org/draft/2020-12/schema","type":"object",
             "$defs":{"address":{"type":"object","properties":{"street":{"type":"string"},"city":{"type":"string"}}}},
             "properties":{"name":{"type":"string"},"address":{"$ref":"#/$defs/address"}},"additionalProperties":false}
            """, (_, _) => Says("seen")),
    };

    public static McpServerOptions Options() => new()
    {
        ServerInfo = new Implementation { Name = "suite", Version = "1" },
        Capabilities = new ServerCapabilities { Tools = new(), Resources = new() { Subscribe = true }, Prompts = new(), Completions = new(), Logging = new() },
        Handlers = new McpServerHandlers
        {
            ListToolsHandler = (_, _) => ValueTask.FromResult(new ListToolsResult { Tools = [.. Tools.Select(t => new Tool { Name = t.Key, Description = $"The suite's {t.Key}.", InputSchema = JsonElement.Parse(t.Value.Schema) })] }),
            CallToolHandler = async (call, cancel) => await Tools[call.Params!.Name].Call(call, cancel),
            ListResourcesHandler = (_, _) => ValueTask.FromResult(new ListResourcesResult { Resources = [new() { Name = "text", Uri = "test://static-text" }, new() { Name = "binary", Uri = "test://static-binary" }] }),
            ListResourceTemplatesHandler = (_, _) => ValueTask.FromResult(new ListResourceTemplatesResult { ResourceTemplates = [new() { Name = "data", UriTemplate = "test://template/{id}/data" }] }),
            ReadResourceHandler = (read, _) => ValueTask.FromResult(new ReadResourceResult { Contents = [Resource(read.Params!.Uri)] }),
            SubscribeToResourcesHandler = (asked, _) => ValueTask.FromResult(Watch(asked.Server.SessionId + asked.Params!.Uri)),
            UnsubscribeFromResourcesHandler = (asked, _) => ValueTask.FromResult(Unwatch(asked.Server.SessionId + asked.Params!.Uri)),
            ListPromptsHandler = (_, _) => ValueTask.FromResult(new ListPromptsResult { Prompts = [.. new[] { "test_simple_prompt", "test_prompt_with_arguments", "test_prompt_with_embedded_resource", "test_prompt_with_image" }.Select(Listed)] }),
            GetPromptHandler = (asked, _) => ValueTask.FromResult(new GetPromptResult { Messages = [.. Prompt(asked.Params!).Select(c => new PromptMessage { Role = Role.User, Content = c })] }),
            CompleteHandler = (_, _) => ValueTask.FromResult(new CompleteResult { Completion = new Completion { Values = ["paris", "park"], Total = 2, HasMore = false } }),
            SetLoggingLevelHandler = (_, _) => ValueTask.FromResult(new EmptyResult()),
        },
    };

    private static EmptyResult Watch(string what)
    {
        Watched[what] = true;
        return new EmptyResult();
    }

    private static EmptyResult Unwatch(string what) => Watched.TryRemove(what, out var _) ? new EmptyResult() : throw new McpException("nobody has subscribed to that");

    private static Task<CallToolResult> Gives(params ContentBlock[] content) => Task.FromResult(new CallToolResult { Content = [.. content] });

    private static Task<CallToolResult> Says(string text) => Gives(new TextContentBlock { Text = text });

    private static EmbeddedResourceBlock Embedded(string uri, string type, string text) => new() { Resource = new TextResourceContents { Uri = uri, MimeType = type, Text = text } };

    private static string Text(string name) => $$$"""{"type":"object","properties":{"{{{name}}}":{"type":"string"}},"required":["{{{name}}}"]}""";

    private static string Argument(RequestContext<CallToolRequestParams> call, string name) => call.Params!.Arguments![name].GetString()!;

    private static async Task<CallToolResult> LogsAsync(RequestContext<CallToolRequestParams> call, CancellationToken cancel)
    {
        foreach (var line in new[] { "Tool execution started", "Tool processing data", "Tool execution completed" })
            await call.Server.SendNotificationAsync(NotificationMethods.LoggingMessageNotification, new LoggingMessageNotificationParams { Level = LoggingLevel.Info, Data = JsonSerializer.SerializeToElement(line) }, McpJsonUtilities.DefaultOptions, cancel);
        return await Says("three lines were logged");
    }

    private static async Task<CallToolResult> ProgressAsync(RequestContext<CallToolRequestParams> call, CancellationToken cancel)
    {
        foreach (var done in new[] { 0, 50, 100 })
            if (call.Params!.ProgressToken is { } token) await call.Server.NotifyProgressAsync(token, new ProgressNotificationValue { Progress = done, Total = 100 }, cancellationToken: cancel);
        return await Says("done");
    }

    /// <summary>Closes the stream in the middle of the call; the client comes back for the result.</summary>
    private static async Task<CallToolResult> ReconnectsAsync(RequestContext<CallToolRequestParams> call, CancellationToken cancel)
    {
        await call.EnablePollingAsync(TimeSpan.FromMilliseconds(500), cancel);
        return await Says("Reconnection test completed");
    }

    private static async Task<CallToolResult> SamplesAsync(RequestContext<CallToolRequestParams> call, CancellationToken cancel)
    {
        var asked = new CreateMessageRequestParams { MaxTokens = 100, Messages = [new SamplingMessage { Role = Role.User, Content = [new TextContentBlock { Text = Argument(call, "prompt") }] }] };
        var said = await call.Server.SampleAsync(asked, cancel);
        return await Says("LLM response: " + string.Concat(said.Content.OfType<TextContentBlock>().Select(c => c.Text)));
    }

    private static async Task<string> AskAsync(RequestContext<CallToolRequestParams> call, string message, string properties, CancellationToken cancel)
    {
        var asked = $$"""{"message":"{{message}}","requestedSchema":{"type":"object","properties":{{properties}} } }""";
        var said = await call.Server.ElicitAsync(JsonSerializer.Deserialize<ElicitRequestParams>(asked, McpJsonUtilities.DefaultOptions)!, cancel);
        return $"action={said.Action}, content={JsonSerializer.Serialize(said.Content, McpJsonUtilities.DefaultOptions)}";
    }

    private static ResourceContents Resource(string uri) => uri switch
    {
        "test://static-text" => new TextResourceContents { Uri = uri, MimeType = "text/plain", Text = "This is the content of the static text resource." },
        "test://static-binary" => BlobResourceContents.FromBytes(Picture, uri, "image/png"),
        _ when uri.Split('/') is ["test:", "", "template", var id, "data"] => new TextResourceContents { Uri = uri, MimeType = "application/json", Text = $$"""{"id":"{{id}}","templateTest":true,"data":"Data for ID: {{id}}"}""" },
        _ => throw new McpProtocolException("there is no such resource", McpErrorCode.ResourceNotFound),
    };

    private static Prompt Listed(string name) => new()
    {
        Name = name,
        Description = $"The suite's {name}.",
        Arguments = name switch
        {
            "test_prompt_with_arguments" => [new() { Name = "arg1", Required = true }, new() { Name = "arg2", Required = true }],
            "test_prompt_with_embedded_resource" => [new() { Name = "resourceUri", Required = true }],
            _ => null,
        },
    };

    private static ContentBlock[] Prompt(GetPromptRequestParams asked) => asked.Name switch
    {
        "test_simple_prompt" => [new TextContentBlock { Text = "This is a simple prompt for testing." }],
        "test_prompt_with_arguments" => [new TextContentBlock { Text = $"Prompt with arguments: arg1='{asked.Arguments!["arg1"].GetString()}', arg2='{asked.Arguments["arg2"].GetString()}'" }],
        "test_prompt_with_embedded_resource" => [Embedded(asked.Arguments!["resourceUri"].GetString()!, "text/plain", "Embedded resource content for testing."), new TextContentBlock { Text = "Please process the embedded resource above." }],
        "test_prompt_with_image" => [ImageContentBlock.FromBytes(Picture, "image/png"), new TextContentBlock { Text = "Please analyze the image above." }],
        _ => throw new McpProtocolException("there is no such prompt", McpErrorCode.InvalidParams),
    };
}
