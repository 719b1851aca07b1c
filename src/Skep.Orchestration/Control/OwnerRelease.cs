using Skep.Storage;

namespace Skep.Orchestration;

/// <summary>Asks the owner of a folder to give it back. One that is there for others, and works on nothing, does; all others refuse.</summary>
public static class OwnerRelease
{
    /// <summary>The request.</summary>
    public const string Op = "owner.release";

    /// <summary>How long is waited for the answer, and then for the release.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Asks, and waits until nobody listens at the folder any more. False when the owner stays, or does not answer.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancel">Ends the wait.</param>
    public static async Task<bool> AskAsync(SkepFolder folder, TimeProvider time, CancellationToken cancel = default)
    {
        try
        {
            if (await ControlClient.TrySendAsync(folder, new ControlRequest { Op = Op }, patience: Patience, cancel: cancel) is { Ok: false }) return false;
        }
        catch (OwnerGoneException)
        {
            // It ends, or gives the folder back already.
        }
        catch (IOException)
        {
            return false;
        }

        var turn = new TurnWait(time, Patience);
        while (!turn.IsOver)
        {
            using var listening = await ControlChannel.TryConnectAsync(folder, cancel);
            if (listening is null) return true;
            await turn.WaitAsync(cancel);
        }

        return false;
    }
}
