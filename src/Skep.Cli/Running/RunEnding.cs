using Skep.Cli.Reporting;

namespace Skep.Cli.Running;

/// <summary>What is said and written when a run has ended.</summary>
internal sealed class RunEnding(CliContext cli, SqliteStore store, BlobStore blobs, RunShow show)
{
    /// <summary>Writes the reports and the summary. Returns the exit code of the run.</summary>
    public async Task<int> SayAsync(string run)
    {
        var state = RunReader.Load(store, blobs, run);
        // With --json, standard output belongs to the events.
        var to = show.Json ? cli.Error : cli.Out;
        var colours = show.Json ? Palette.None : cli.Colours;
        var text = show.Quiet ? RunSummaryText.LastLine(state, colours) : RunSummaryText.Write(state, colours);
        await to.WriteAsync(text);
        if (show.Report) await ReportAsync(state, to);
        await to.FlushAsync();
        return ExitCodes.Of(state.Status);
    }

    /// <summary>The run is what it is, whether or not its report can be written.</summary>
    private async Task ReportAsync(RunState state, TextWriter to)
    {
        try
        {
            var page = new ReportFiles(cli, store, blobs).WriteBoth(state, state.Info!.RunDirectory);
            if (!show.Quiet) await to.WriteLineAsync($"  report {page}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await cli.Error.WriteLineAsync($"warning: the report could not be written: {e.Message}");
        }
    }
}
