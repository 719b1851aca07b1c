using System.CommandLine;
using Skep.Testing;

namespace Skep.Cli.Commands;

/// <summary><c>skep testing</c>: what tests of agents need.</summary>
internal sealed class TestingCommand : Verb
{
    public TestingCommand(CliContext cli) : base("testing", "Helps to test agents without a model.", "skep testing serve script.yaml --port 8080") => Add(new TestingServeCommand(cli));
}

/// <summary><c>skep testing serve</c>: a scripted model on a port of this machine.</summary>
internal sealed class TestingServeCommand : Verb
{
    private readonly CliContext _cli;
    private readonly Argument<string> _script = new("SCRIPT") { Description = "The script, a YAML file; see docs/testing-agents.md." };
    private readonly Option<int> _port = new("--port") { Description = "Port on the loopback address; 0 takes a free one.", HelpName = "PORT" };
    private readonly Option<string?> _ready = new("--ready-file") { Description = "File that is written with the address when the server answers.", HelpName = "FILE" };

    public TestingServeCommand(CliContext cli)
        : base("serve", "Answers as a model would, by a script, in both wire formats, until Ctrl-C.", "skep testing serve script.yaml", "skep testing serve script.yaml --port 8080 --ready-file address")
    {
        _cli = cli;
        Add(_script);
        Add(_port);
        Add(_ready);
        SetAction(ServeAsync);
    }

    private async Task<int> ServeAsync(ParseResult parsed, CancellationToken cancel)
    {
        var model = Read(parsed.GetValue(_script)!);
        await using var server = await ScriptedModelServer.StartAsync(model, new ScriptedModelServerOptions { Port = parsed.GetValue(_port) });
        var address = server.BaseUrl.AbsoluteUri.TrimEnd('/');
        await _cli.Out.WriteLineAsync($"answering at {address} (OpenAI: /v1/chat/completions, Anthropic: /v1/messages); Ctrl-C ends it");
        await _cli.Out.FlushAsync(cancel);
        if (parsed.GetValue(_ready) is { } file) await WriteAsync(file, address);
        await StopAsync(cancel);
        await _cli.Error.WriteLineAsync($"answered {model.Exchanges.Total} requests");
        return ExitCodes.Ok;
    }

    /// <summary>Whoever waits for the file never sees half of it.</summary>
    private async Task WriteAsync(string file, string address)
    {
        var path = _cli.FullPath(file);
        await File.WriteAllTextAsync(path + ".new", address + "\n");
        File.Move(path + ".new", path, overwrite: true);
    }

    private ScriptedModel Read(string script)
    {
        try
        {
            return ScriptedModel.Parse(File.ReadAllText(_cli.FullPath(script)));
        }
        catch (ScriptException e)
        {
            throw new CliException(ExitCodes.Usage, $"{script}: {e.Message}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CliException(ExitCodes.Usage, $"cannot read '{script}': {e.Message}");
        }
    }

    private async Task StopAsync(CancellationToken cancel)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var signals = _cli.Signals.Subscribe(_ => stopped.TrySetResult());
        await Task.WhenAny(stopped.Task, Task.Delay(Timeout.InfiniteTimeSpan, _cli.Time, cancel));
    }
}
