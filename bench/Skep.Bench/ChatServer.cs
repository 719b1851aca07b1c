using System.Diagnostics;
using Skep.Testing;

namespace Skep.Bench;

/// <summary>The model that the agents of <see cref="Chat"/> ask: a process of its own, so that what it costs is not counted as theirs.</summary>
internal sealed class ChatServer : IDisposable
{
    /// <summary>Verb by which this program is the server.</summary>
    public const string Verb = "chat-server";

    /// <summary>Turns of an agent, the final answer included.</summary>
    public const int Turns = 10;

    private readonly Process _process;

    private ChatServer(Process process, Uri address) => (_process, Address) = (process, address);

    public Uri Address { get; }

    /// <summary>Starts the server as a child. It ends when its input does, so it does not outlive this process.</summary>
    public static async Task<ChatServer> StartAsync()
    {
        var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [.. Dll(), Verb]) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true })!;
        var line = await process.StandardOutput.ReadLineAsync();
        return Uri.TryCreate(line, UriKind.Absolute, out var address) ? new ChatServer(process, address) : throw new InvalidOperationException($"the model's server did not start: {line}");
    }

    /// <summary>The server itself.</summary>
    public static async Task ServeAsync()
    {
        // Conversations are not kept: they would only slow the server down.
        var model = ScriptedModel.Build(Script, new ScriptedModelOptions { MaxExchanges = 1, MaxExchangeBytes = 1 });
        await using var server = await ScriptedModelServer.StartAsync(model);
        Console.WriteLine(server.BaseUrl);
        while (await Console.In.ReadLineAsync() is not null)
        {
        }
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    private static void Script(ScriptBuilder script)
    {
        script.Pace = new Pace { Pieces = 24 };
        script.When(m => m.User("never")).Fails(ScriptedFault.NeverAnswers);
        script.When(m => m.User("slow")).Says(Repeat("and so on ", 2000)).Paced(new Pace { Pieces = 4000, Delay = TimeSpan.FromMilliseconds(20) });
        // Another part each time: who asks for the same again and again is stopped.
        for (var turn = 0; turn < Turns - 1; turn++)
            script.When(m => m.Turns(turn)).Says(Repeat("I look at the next part. ", 12)).Calls("look", $$"""{"part":"src/part{{turn}}.c","lines":40}""");
        script.Always().Says(Repeat("This is what I found. ", 20));
    }

    private static string Repeat(string text, int times) => string.Concat(Enumerable.Repeat(text, times));

    // As 'dotnet skep-bench.dll' the path is that of dotnet.
    private static string[] Dll() => Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [Path.Combine(AppContext.BaseDirectory, "skep-bench.dll")] : [];
}
