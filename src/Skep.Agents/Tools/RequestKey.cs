using System.Security.Cryptography;
using System.Text;
using Skep.Orchestration.Hooks;

namespace Skep.Agents.Tools;

/// <summary>Ids of the requests that a tool call makes of the ledger: the same for every delivery of the call, so that each has one effect.</summary>
internal static class RequestKey
{
    /// <summary>The id of one part of a call.</summary>
    public static string Of(ToolCall call, string part)
    {
        var id = $"{call.Key}/{part}";
        // Longer ones would be replaced by one that is made up anew each time.
        return id.Length <= LedgerLimits.MaxName ? id : $"{Hash(call)}/{part}";
    }

    /// <summary>A name for the call that file systems take.</summary>
    public static string Hash(ToolCall call) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(call.Key)).AsSpan(0, 16));
}
