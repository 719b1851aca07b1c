namespace Skep.Cli.Running;

/// <summary>A line for each thing that settles, for logs and for terminals that only know lines.</summary>
internal sealed class PlainScreen(CliContext cli) : IRunScreen
{
    private readonly LineWriter _lines = new(cli.Out);
    private readonly PlainLines _text = new(cli.Time.LocalTimeZone);

    public void OnAdvanced(RunState state, IReadOnlyList<RecordedEvent> events)
    {
        foreach (var e in events)
            foreach (var line in _text.Of(state, e)) _lines.Write(line);
    }

    public void Note(string text) => _lines.Write(text);

    public ValueTask DisposeAsync() => _lines.DisposeAsync();
}
