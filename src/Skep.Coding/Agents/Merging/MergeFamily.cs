using System.Text.Json;
using Skep.Coding.Merging;
using Skep.Orchestration;
using Skep.Orchestration.Hooks;

namespace Skep.Coding.Agents;

/// <summary>Request <c>merge.withdraw</c>: takes a submission (argument <c>key</c>, <c>run/task/attempt</c>) back from its merge queue, whoever works on that. Asked twice, it is done once.</summary>
internal sealed class MergeFamily(MergeDesk desk) : IRequestFamily
{
    private const int MaxKey = 400;

    /// <inheritdoc />
    public string Name => "merge";

    /// <inheritdoc />
    public async Task<JsonElement> HandleAsync(FamilyRequest request, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Op != "withdraw") throw new RequestException(RequestCodes.BadRequest, $"a merge queue knows no '{request.Op}'; it knows withdraw");
        var key = request.Args.ValueKind == JsonValueKind.Object && request.Args.TryGetProperty("key", out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
        if (key.Length is 0 or > MaxKey || key.IndexOf('/', StringComparison.Ordinal) is not (> 0 and var slash))
            throw new RequestException(RequestCodes.BadRequest, "which submission? 'key' is run/task/attempt; 'skep merge list' shows them");
        try
        {
            if (await desk.WithdrawAsync(key[..slash], key, request.By, cancel) is { } refusal) throw new RequestException(RequestCodes.Refused, refusal);
        }
        catch (Exception e) when (e is MergeLogException or InvalidOperationException)
        {
            throw new RequestException(RequestCodes.Refused, e.Message);
        }

        return JsonBuild.Object(json =>
        {
            json.WriteString("submission", key);
            json.WriteString("outcome", "withdrawn");
        });
    }
}
