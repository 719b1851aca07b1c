using System.Text;

namespace Skep.Cli.Running;

/// <summary>
/// The live picture on a terminal. Drawing happens on a task of its own: at most ten times a second, and once a second while nothing but
/// the time changes. A frame replaces the one before in one write, so that nothing flickers.
/// </summary>
internal sealed class LiveScreen : IRunScreen
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(1);

    private readonly CliContext _cli;
    private readonly RunBoard _board = new();
    private readonly FrameWriter _frames;
    private readonly SemaphoreSlim _changed = new(0, 1);
    private readonly CancellationTokenSource _stop = new();
    private readonly List<string> _notes = [];
    private readonly Task _drawing;
    private volatile bool _news;

    public LiveScreen(CliContext cli)
    {
        _cli = cli;
        _frames = new FrameWriter(cli.Out);
        AppDomain.CurrentDomain.ProcessExit += Restore;
        _drawing = Task.Run(DrawAsync);
    }

    public void OnAdvanced(RunState state, IReadOnlyList<RecordedEvent> events)
    {
        _board.OnAdvanced(state, events);
        _news = true;
        Wake();
    }

    public void Note(string text)
    {
        lock (_notes) _notes.Add(text);
        _news = true;
        Wake();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _drawing;
        _frames.Clear(_cli.Terminal.Size.Width, TakeNotes());
        AppDomain.CurrentDomain.ProcessExit -= Restore;
        _stop.Dispose();
        _changed.Dispose();
    }

    private void Wake()
    {
        try
        {
            if (_changed.CurrentCount == 0) _changed.Release();
        }
        catch (Exception e) when (e is SemaphoreFullException or ObjectDisposedException)
        {
            // Somebody else woke it, or it has gone to sleep for good.
        }
    }

    private async Task DrawAsync()
    {
        try
        {
            await using var seconds = _cli.Time.CreateTimer(_ => Wake(), null, Idle, Idle);
            while (true)
            {
                await _changed.WaitAsync(_stop.Token);
                var eventful = _news;
                _news = false;
                Draw();
                if (eventful) await Task.Delay(Pause, _cli.Time, _stop.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The run is over, or nobody looks any more.
        }
    }

    private void Draw()
    {
        var (width, height) = _cli.Terminal.Size;
        var picture = _board.Picture();
        if (picture.Head.Status == RunStatus.New) return;
        _frames.Show(LiveFrame.Draw(picture, width, height, _cli.Time.GetUtcNow(), _cli.Colours), width, TakeNotes());
    }

    private List<string> TakeNotes()
    {
        lock (_notes)
        {
            List<string> notes = [.. _notes];
            _notes.Clear();
            return notes;
        }
    }

    private void Restore(object? sender, EventArgs e) => _frames.ShowCursor();
}

/// <summary>Replaces frames on a terminal: back to the first line of the last one, over it line by line, then away with what is left below.</summary>
internal sealed class FrameWriter(TextWriter to)
{
    private const string HideCursor = "\e[?25l";
    private const string ShowCursorAgain = "\e[?25h";

    private readonly Lock _lock = new();
    private List<int> _last = [];
    private string _shown = "";

    /// <summary>Shows a frame, with lines above it that stay.</summary>
    public void Show(IReadOnlyList<string> lines, int width, IReadOnlyList<string> above) => Replace(lines, width, above, hide: true);

    /// <summary>Removes the frame and shows the cursor.</summary>
    public void Clear(int width, IReadOnlyList<string> above) => Replace([], width, above, hide: false);

    /// <summary>Shows the cursor, whatever else happens.</summary>
    public void ShowCursor()
    {
        lock (_lock)
        {
            if (_last.Count > 0) to.Write(ShowCursorAgain);
            to.Flush();
        }
    }

    private void Replace(IReadOnlyList<string> lines, int width, IReadOnlyList<string> above, bool hide)
    {
        lock (_lock)
        {
            var frame = $"{width}\n{string.Join('\n', lines)}";
            if (hide && above.Count == 0 && frame == _shown) return;
            _shown = frame;
            var text = new StringBuilder(hide ? HideCursor : "");
            var rows = RowsUp(width);
            text.Append(rows > 0 ? $"\e[{rows}A\r" : "\r");
            foreach (var line in above.Concat(lines)) text.Append(line).Append("\e[K\n");
            text.Append("\e[J");
            if (!hide) text.Append(ShowCursorAgain);
            _last = [.. lines.Select(VisibleCells)];
            to.Write(text);
            to.Flush();
        }
    }

    /// <summary>Rows that the last frame takes now: a terminal that became narrower has wrapped its lines.</summary>
    private int RowsUp(int width) => _last.Sum(cells => Math.Max(1, (cells + width - 1) / Math.Max(1, width)));

    private static int VisibleCells(string line)
    {
        var plain = new StringBuilder(line.Length);
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] != '\e') plain.Append(line[i]);
            else while (i < line.Length && line[i] != 'm') i++;
        }

        return PlainLine.Cells(plain.ToString());
    }
}
