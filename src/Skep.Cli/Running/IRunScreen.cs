namespace Skep.Cli.Running;

/// <summary>Shows a run while it goes on. Disposing leaves the terminal as it was.</summary>
internal interface IRunScreen : IRunObserver, IAsyncDisposable
{
    /// <summary>Says something that is no event of the run.</summary>
    void Note(string text);
}

/// <summary>How a run is to be shown.</summary>
/// <param name="Quiet">Only errors and the last line.</param>
/// <param name="Json">Events as lines of JSON.</param>
/// <param name="Transient">With <paramref name="Json"/>: events that are not kept, too.</param>
/// <param name="Report">Whether reports are written at the end.</param>
internal sealed record RunShow(bool Quiet, bool Json, bool Transient, bool Report);

/// <summary>Chooses how a run is shown.</summary>
internal static class RunScreens
{
    public static IRunScreen Create(CliContext cli, RunShow show)
    {
        if (show.Json) return new JsonScreen(cli, show.Transient);
        if (show.Quiet) return new QuietScreen(cli);
        return cli.Terminal.OutIsTerminal && !cli.PrefersPlain ? new LiveScreen(cli) : new PlainScreen(cli);
    }
}

/// <summary>Shows nothing.</summary>
internal sealed class QuietScreen(CliContext cli) : IRunScreen
{
    public void OnAdvanced(RunState state, IReadOnlyList<RecordedEvent> events)
    {
        // Quiet.
    }

    public void Note(string text) => cli.Error.WriteLine(text);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
