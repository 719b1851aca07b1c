using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Skep.Orchestration.Hooks;

namespace Skep.Orchestration.Tests.Hooks;

/// <summary>A test that needs the real Claude Code: the environment variable SKEP_CLAUDE names the program.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ClaudeFactAttribute : FactAttribute
{
    public static string? Program { get; } = Environment.GetEnvironmentVariable("SKEP_CLAUDE");

    public ClaudeFactAttribute()
    {
        if (string.IsNullOrEmpty(Program)) Skip = "SKEP_CLAUDE does not name an installed Claude Code";
        else if (OperatingSystem.IsWindows()) Skip = "the hook is a shell script";
    }
}

/// <summary>A test that needs the real Claude Code and the ahead-of-time compiled client: SKEP_CLAUDE and SKEP_THIN name them.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ThinClaudeFactAttribute : FactAttribute
{
    public static string? Thin { get; } = Environment.GetEnvironmentVariable("SKEP_THIN");

    public ThinClaudeFactAttribute()
    {
        if (string.IsNullOrEmpty(ClaudeFactAttribute.Program)) Skip = "SKEP_CLAUDE does not name an installed Claude Code";
        else if (string.IsNullOrEmpty(Thin)) Skip = "SKEP_THIN does not name the thin client; eng/publish-thin.sh builds it";
    }
}

/// <summary>Drives the real Claude Code against a Messages API on loopback that always asks for one Write. No model, no network.</summary>
public sealed class CodingCliLiveTests : IDisposable
{
    private const string Reason = "notes.md belongs to task 'b'";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly string _root = Directory.CreateTempSubdirectory("skep claude-").FullName;
    private readonly string _project;

    public CodingCliLiveTests() => _project = Directory.CreateDirectory(Path.Combine(_root, "project")).FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private string Notes => Path.Combine(_project, "notes.md");

    [ClaudeFact]
    public async Task A_refused_edit_is_not_made_and_without_our_hooks_it_is()
    {
        var settings = new SettingsFile(SettingsScope.Project, _project, Path.Combine(_root, "home", ".claude"));
        settings.Install(HookThatAnswers(HookDecision.Deny(Reason)));

        var said = await RunClaude();

        Assert.False(File.Exists(Notes));
        Assert.Contains(Reason, said, StringComparison.Ordinal);
        var asked = CodingCliPayload.Parse(await File.ReadAllBytesAsync(Path.Combine(_root, "PreToolUse.json")), out _);
        Assert.Equal((CodingCliEvent.PreToolUse, Notes), (asked!.Event, asked.Tool!.FilePath));

        settings.Uninstall();
        Assert.DoesNotContain(Reason, await RunClaude(), StringComparison.Ordinal);
        Assert.Equal("one\n", await File.ReadAllTextAsync(Notes));
    }

    [ThinClaudeFact]
    public async Task The_thin_client_refuses_an_edit_of_a_claimed_file_and_records_one_that_it_let_through()
    {
        Directory.CreateDirectory(Path.Combine(_project, ".skep"));
        await Thin("lock", "notes.md", "--exclusive", "--agent", "ann");
        new SettingsFile(SettingsScope.Project, _project, Path.Combine(_root, "home", ".claude")).Install(ThinClaudeFactAttribute.Thin!);

        Assert.Contains("ann has claimed it", await RunClaude(), StringComparison.Ordinal);
        Assert.False(File.Exists(Notes));

        await Thin("unlock", "notes.md", "--agent", "ann");
        Assert.DoesNotContain("ann has claimed it", await RunClaude(), StringComparison.Ordinal);
        Assert.Equal("one\n", await File.ReadAllTextAsync(Notes));
        var sessions = JsonNode.Parse(await Thin("hooks", "metrics", "--json"))!;
        Assert.Contains("\"edits\":1", sessions.ToJsonString(), StringComparison.Ordinal);
    }

    /// <summary>Runs the thin client in the project and returns what it wrote.</summary>
    private async Task<string> Thin(params string[] arguments)
    {
        var start = new ProcessStartInfo(ThinClaudeFactAttribute.Thin!, arguments) { WorkingDirectory = _project, UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, error);
        return await output;
    }

    /// <summary>A program called skepc that refuses every use of a tool in our format, and allows all else.</summary>
    private string HookThatAnswers(HookDecision decision)
    {
        var answer = CodingCliAnswer.Write(CodingCliFixtures.Read("PreToolUse-Write.json"), decision);
        File.WriteAllText(Path.Combine(_root, "output"), answer.Output);
        File.WriteAllText(Path.Combine(_root, "error"), answer.Error);
        var program = Path.Combine(_root, "skepc");
        File.WriteAllText(program, $"""
            #!/bin/sh
            cd "$(dirname "$0")"
            [ "$1 $2" = "hooks claude-code" ] || exit 9
            payload=$(cat)
            case "$payload" in *'"hook_event_name":"PreToolUse"'*) ;; *) exit 0 ;; esac
            printf '%s' "$payload" > PreToolUse.json
            cat output
            cat error >&2
            exit {answer.ExitCode}
            """);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return program;
    }

    /// <summary>Runs one prompt and returns everything that the program told the model.</summary>
    private async Task<string> RunClaude()
    {
        using var api = new OneWriteApi(Notes);
        var start = new ProcessStartInfo(ClaudeFactAttribute.Program!, ["-p", "--permission-mode", "acceptEdits", "--", "Write the notes."])
        {
            WorkingDirectory = _project, UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        var home = Directory.CreateDirectory(Path.Combine(_root, "home")).FullName;
        start.Environment.Clear();
        foreach (var (name, value) in new Dictionary<string, string?>
        {
            ["PATH"] = Environment.GetEnvironmentVariable("PATH"), ["HOME"] = home, ["CLAUDE_CONFIG_DIR"] = Path.Combine(home, ".claude"),
            ["ANTHROPIC_BASE_URL"] = api.Url, ["ANTHROPIC_API_KEY"] = "not-a-key", ["ENABLE_TOOL_SEARCH"] = "false",
            ["CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC"] = "1", ["DISABLE_AUTOUPDATER"] = "1", ["DISABLE_TELEMETRY"] = "1", ["DISABLE_ERROR_REPORTING"] = "1",
        })
            start.Environment[name] = value;

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(patience.Token);
            var error = process.StandardError.ReadToEndAsync(patience.Token);
            await process.WaitForExitAsync(patience.Token);
            Assert.True(process.ExitCode == 0, await output + await error);
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }

        return api.Said;
    }

    /// <summary>Answers the first request of a conversation with one Write, and every later one with a text.</summary>
    private sealed class OneWriteApi : IDisposable
    {
        private readonly HttpListener _listener = new();
        private readonly string _file;
        private readonly StringBuilder _said = new();

        public OneWriteApi(string file)
        {
            _file = file;
            using (var port = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0))
            {
                port.Start();
                Url = $"http://127.0.0.1:{((IPEndPoint)port.LocalEndpoint).Port}";
            }

            _listener.Prefixes.Add(Url + "/");
            _listener.Start();
            _ = Serve();
        }

        public string Url { get; }

        public string Said
        {
            get
            {
                lock (_said) return _said.ToString();
            }
        }

        public void Dispose() => _listener.Close();

        private async Task Serve()
        {
            try
            {
                while (true) _ = Answer(await _listener.GetContextAsync());
            }
            catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException or InvalidOperationException)
            {
                // The test is over.
            }
        }

        private async Task Answer(HttpListenerContext context)
        {
            using var response = context.Response;
            if (context.Request.Url!.AbsolutePath != "/v1/messages")
            {
                response.StatusCode = 404;
                return;
            }

            var body = (await JsonNode.ParseAsync(context.Request.InputStream))!;
            lock (_said) _said.Append(body["messages"]!.ToJsonString(new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
            var isFirst = body["tools"]?.AsArray().Count > 0 && body["messages"]!.AsArray().All(message => (string?)message!["role"] != "assistant");
            var message = Message(isFirst);
            if ((bool?)body["stream"] != true)
            {
                response.ContentType = "application/json";
                await response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(message.ToJsonString()));
                return;
            }

            response.ContentType = "text/event-stream";
            await response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(string.Concat(Events(message).Select(part => $"event: {part["type"]}\ndata: {part.ToJsonString()}\n\n"))));
        }

        private JsonObject Message(bool write) => new()
        {
            ["id"] = "msg_1", ["type"] = "message", ["role"] = "assistant", ["model"] = "scripted", ["stop_sequence"] = null,
            ["stop_reason"] = write ? "tool_use" : "end_turn",
            ["usage"] = new JsonObject { ["input_tokens"] = 1, ["output_tokens"] = 1 },
            ["content"] = new JsonArray(write
                ? new JsonObject { ["type"] = "tool_use", ["id"] = "toolu_1", ["name"] = "Write", ["input"] = new JsonObject { ["file_path"] = _file, ["content"] = "one\n" } }
                : new JsonObject { ["type"] = "text", ["text"] = "Done." }),
        };

        private static IEnumerable<JsonObject> Events(JsonObject message)
        {
            var block = message["content"]![0]!.AsObject();
            var isTool = block["input"] is not null;
            var head = message.DeepClone().AsObject();
            head["content"] = new JsonArray();
            head["stop_reason"] = null;
            var open = block.DeepClone().AsObject();
            open[isTool ? "input" : "text"] = isTool ? new JsonObject() : "";
            yield return new() { ["type"] = "message_start", ["message"] = head };
            yield return new() { ["type"] = "content_block_start", ["index"] = 0, ["content_block"] = open };
            yield return new()
            {
                ["type"] = "content_block_delta", ["index"] = 0,
                ["delta"] = isTool
                    ? new JsonObject { ["type"] = "input_json_delta", ["partial_json"] = block["input"]!.ToJsonString() }
                    : new JsonObject { ["type"] = "text_delta", ["text"] = block["text"]!.DeepClone() },
            };
            yield return new() { ["type"] = "content_block_stop", ["index"] = 0 };
            yield return new() { ["type"] = "message_delta", ["delta"] = new JsonObject { ["stop_reason"] = message["stop_reason"]!.DeepClone(), ["stop_sequence"] = null }, ["usage"] = new JsonObject { ["output_tokens"] = 1 } };
            yield return new() { ["type"] = "message_stop" };
        }
    }
}
