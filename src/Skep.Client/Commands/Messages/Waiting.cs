using System.Text.Json;

namespace Skep.Client.Commands.Messages;

/// <summary>
/// Waits for something in a folder: the owner tells when it is there; where there is none, or it has no room for one more who waits, the
/// database is looked at again and again, ever more slowly.
/// </summary>
internal sealed class Waiting(CliContext cli, SkepFolder folder)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(500);

    /// <summary>Waits until the owner's answer, or what is read, is something; null when the time is up.</summary>
    /// <param name="op">The owner's request; it gets <c>timeoutMs</c>.</param>
    /// <param name="args">Its other arguments.</param>
    /// <param name="answered">What of its answer is something, or null.</param>
    /// <param name="read">Looks into the database.</param>
    /// <param name="limit">How long.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<T?> UntilAsync<T>(string op, Action<Utf8JsonWriter> args, Func<JsonElement, T?> answered, Func<SqliteStore, T?> read, TimeSpan limit, CancellationToken cancel)
        where T : class
    {
        var since = cli.Time.GetTimestamp();
        var pause = First;
        await using var store = SqliteStore.OpenReader(folder);
        while (true)
        {
            if (read(store) is { } found) return found;
            var left = limit - cli.Time.GetElapsedTime(since);
            if (left <= TimeSpan.Zero) return null;
            if (await AskOwnerAsync(op, args, left, cancel) is { } answer)
            {
                if (answered(answer) is { } told) return told;
                continue;
            }

            await Task.Delay(pause < left ? pause : left, cli.Time, cancel);
            pause = pause * 1.5 < Longest ? pause * 1.5 : Longest;
        }
    }

    private async Task<JsonElement?> AskOwnerAsync(string op, Action<Utf8JsonWriter> args, TimeSpan left, CancellationToken cancel)
    {
        try
        {
            var request = new ControlRequest
            {
                Op = op,
                By = cli.Who,
                Args = FamilyCalls.Args(json =>
                {
                    args(json);
                    json.WriteNumber("timeoutMs", (long)Math.Ceiling(left.TotalMilliseconds));
                }),
            };
            var response = await ControlClient.TrySendAsync(folder, request, static _ => { }, left < ControlProtocol.Patience ? left : null, cancel);
            return response is { Ok: true } ? response.Result : null;
        }
        catch (IOException)
        {
            // The owner has gone while it was asked.
            return null;
        }
    }
}
