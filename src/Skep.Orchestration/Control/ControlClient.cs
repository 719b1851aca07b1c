using System.Text.Json;
using Skep.Storage;

namespace Skep.Orchestration;

/// <summary>Brings requests to the owner of a folder.</summary>
public static class ControlClient
{
    /// <summary>Sends a request to the process that owns the folder. Returns null when none listens.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="request">The request.</param>
    /// <param name="receive">For requests that stream: takes each element.</param>
    /// <param name="patience">How long to wait for an answer; <see cref="ControlProtocol.Patience"/> unless given. A stream may go on for ever.</param>
    /// <param name="cancel">Ends the wait.</param>
    /// <exception cref="IOException">The owner answers with something else than the protocol, or not in time.</exception>
    public static async Task<ControlResponse?> TrySendAsync(
        SkepFolder folder, ControlRequest request, Action<JsonElement>? receive = null, TimeSpan? patience = null, CancellationToken cancel = default)
    {
        using var connection = await ControlChannel.TryConnectAsync(folder, cancel);
        return connection is null ? null : await connection.AskAsync(request, receive, patience, cancel);
    }

    /// <summary>
    /// Carries a request out: through the owner of the folder, or, where there is none, by becoming the owner for a moment. Returns null
    /// when it is done and durable, else why not.
    /// </summary>
    public static async Task<string?> CarryOutAsync(SkepFolder folder, ControlRequest request, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var response = await CallAsync(folder, request, cancel: cancel);
        return response.Ok ? null : response.Error ?? "refused";
    }

    /// <summary>
    /// Carries a request out: through the owner of the folder, or, where there is none, by becoming the owner for a moment. Where another
    /// process is the owner for a moment it waits for its turn.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <param name="request">The request. It gets an id unless it has one, so that a repeated delivery can be told.</param>
    /// <param name="receive">For requests that stream: takes each element.</param>
    /// <param name="options">Settings of the host that this process becomes.</param>
    /// <param name="patience">How long to wait for the turn, and for an answer; <see cref="ControlProtocol.Patience"/> each unless given.</param>
    /// <param name="cancel">Ends the wait.</param>
    /// <exception cref="IOException">There is an owner, and it does not answer.</exception>
    /// <exception cref="StorageException">The folder cannot be used.</exception>
    public static async Task<ControlResponse> CallAsync(
        SkepFolder folder, ControlRequest request, Action<JsonElement>? receive = null, SkepHostOptions? options = null, TimeSpan? patience = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        options ??= new SkepHostOptions();
        var named = request.Id is null ? request with { Id = RequestIds.Next() } : request;
        var turn = new TurnWait(options.Time, patience);
        while (true)
        {
            try
            {
                if (await TrySendAsync(folder, named, receive, patience, cancel) is { } response) return response;
                await using var host = SkepHost.Open(folder, options with { Listen = false });
                return await host.AnswerAsync(named, receive, cancel);
            }
            catch (StorageException e) when (e.Fault == StorageFault.Locked && !turn.IsOver)
            {
                // Another process is the owner, and does not listen yet, or only for a moment.
                await turn.WaitAsync(cancel);
            }
            catch (OwnerGoneException) when (!turn.IsOver)
            {
                // The owner ended before it answered. The request carries its id: what was recorded is not recorded again.
                await turn.WaitAsync(cancel);
            }
        }
    }
}
