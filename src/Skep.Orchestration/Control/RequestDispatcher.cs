using System.Text.Json;
using Skep.Storage;

namespace Skep.Orchestration;

/// <summary>Answers requests to the owner of a folder, whichever way they came.</summary>
internal sealed class RequestDispatcher
{
    /// <summary>Longest name of whoever asks, in characters.</summary>
    public const int MaxBy = 100;

    private static readonly string OwnVersion = typeof(RequestDispatcher).Assembly.GetName().Version?.ToString(3) ?? "0";

    private readonly SkepHost _host;
    private readonly Dictionary<string, IRequestFamily> _families;

    public RequestDispatcher(SkepHost host, IEnumerable<IRequestFamily> families) =>
        (_host, _families) = (host, families.ToDictionary(f => f.Name, StringComparer.Ordinal));

    /// <summary>Carries a request out. Whatever is wrong with it is the answer; only cancellation is an exception.</summary>
    public async Task<ControlResponse> AnswerAsync(ControlRequest request, Func<ControlResponse, CancellationToken, ValueTask> send, CancellationToken cancel)
    {
        try
        {
            return await CarryOutAsync(request, send, cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            throw;
        }
        catch (RequestException e)
        {
            return Refuse(e.Code, e.Message);
        }
        catch (StorageException e)
        {
            return Refuse(RequestCodes.Storage, e.Message);
        }
        catch (RunLogException e)
        {
            return Refuse(RequestCodes.NotFound, e.Message);
        }
        catch (JsonException e)
        {
            return Refuse(RequestCodes.BadRequest, $"the arguments are not of the expected form: {e.Message}");
        }
#pragma warning disable CA1031 // whatever a request breaks is told to whoever sent it; the owner goes on
        catch (Exception e)
#pragma warning restore CA1031
        {
            return Refuse(RequestCodes.Internal, e.Message);
        }
    }

    /// <summary>Says no.</summary>
    public static ControlResponse Refuse(string code, string error) => Answer() with { Code = code, Error = error };

    private async Task<ControlResponse> CarryOutAsync(ControlRequest request, Func<ControlResponse, CancellationToken, ValueTask> send, CancellationToken cancel)
    {
        if (request.V != ControlProtocol.Version)
            return Refuse(RequestCodes.Version, $"the request is of protocol version {request.V}; the process that owns the folder speaks version {ControlProtocol.Version}: use the same release of skep for both, or wait until that process has ended");
        if (request.Op == ControlOps.Ping) return Answer() with { Ok = true, Runs = [.. _host.LiveRuns] };
        if (Family(request.Op) is { } family) return await AskFamilyAsync(family, request, send, cancel);
        if (ControlProtocol.ToInput(request, out var problem) is not { } input) return Refuse(RequestCodes.BadRequest, problem!);
        var error = await _host.ControlAsync(request.Run ?? OnlyRun(), input, cancel);
        return error is null ? Answer() with { Ok = true } : Refuse(RequestCodes.Refused, error);
    }

    private static async Task<ControlResponse> AskFamilyAsync(IRequestFamily family, ControlRequest request, Func<ControlResponse, CancellationToken, ValueTask> send, CancellationToken cancel)
    {
        ValueTask Send(JsonElement element, CancellationToken stop) => send(Answer() with { Ok = true, More = true, Result = element }, stop);
        var asked = new FamilyRequest(request.Op![(family.Name.Length + 1)..], request.Args ?? default, request.Id ?? "", Text.Shorten(request.By ?? "unknown", MaxBy), Send);
        return Answer() with { Ok = true, Result = await family.HandleAsync(asked, cancel) };
    }

    private IRequestFamily? Family(string? op)
    {
        var dot = op?.IndexOf('.', StringComparison.Ordinal) ?? -1;
        return dot > 0 ? _families.GetValueOrDefault(op![..dot]) : null;
    }

    private string OnlyRun()
    {
        var runs = _host.LiveRuns;
        return runs.Count == 1 ? runs.First() : throw new RunLogException(runs.Count == 0 ? "no run is being worked on; name one" : "several runs are being worked on; name one");
    }

    private static ControlResponse Answer() => new() { Pid = Environment.ProcessId, Version = OwnVersion };
}
