using System.Security.Cryptography;
using System.Text;
using Skep.Orchestration;

namespace Skep.Coding.Agents;

/// <summary>What is kept of a coding CLI's session: one for each attempt.</summary>
/// <param name="Run">The run.</param>
/// <param name="Task">Node key of the task.</param>
/// <param name="Attempt">Number of the attempt.</param>
/// <param name="Session">Its id, by which the CLI takes it up again.</param>
/// <param name="Starts">How often a session was begun for this attempt.</param>
/// <param name="Begun">Whether the CLI has said that it began.</param>
/// <param name="Usage">What the attempt has used so far, in all its sessions and processes.</param>
/// <param name="Ended">Whether the agent is done.</param>
/// <param name="Delivered">Whether the attempt was told to have succeeded.</param>
/// <param name="Answer">Its last words, when it is done.</param>
public sealed record CodingSession(string Run, string Task, int Attempt, string Session, int Starts, bool Begun, AttemptUsage Usage, bool Ended, bool Delivered, string Answer)
{
    /// <summary>The next session of an attempt: the same attempt and number always give the same id.</summary>
    internal static CodingSession Next(AttemptRequest request, CodingSession? before)
    {
        var starts = (before?.Starts ?? 0) + 1;
        return new(request.RunId, request.TaskId, request.Attempt, IdOf($"{request.RunDirectory}\n{request.IdempotencyKey}\n{starts}"), starts, false, before?.Usage ?? AttemptUsage.None, false, false, "");
    }

    /// <summary>A UUID (version 8) made of a text.</summary>
    internal static string IdOf(string text)
    {
        var bytes = SHA256.HashData(Encoding.UTF8.GetBytes(text))[..16];
        bytes[6] = (byte)((bytes[6] & 0x0f) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3f) | 0x80);
        return new Guid(bytes, bigEndian: true).ToString();
    }
}
