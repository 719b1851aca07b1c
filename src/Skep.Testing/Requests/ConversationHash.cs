using System.Security.Cryptography;
using System.Text;

namespace Skep.Testing;

/// <summary>
/// The chain of hashes over a conversation. Each message is hashed onto the hash of what stood before it, so that one pass names every turn
/// that the conversation holds.
/// </summary>
internal sealed record ConversationHash(string Prefix, IReadOnlyList<string> Earlier)
{
    private const int NameBytes = 16;

    /// <summary>Hashes a request's conversation.</summary>
    public static ConversationHash Of(ModelRequest request)
    {
        var earlier = new List<string>();
        var link = SHA256.HashData(Encoding.UTF8.GetBytes(request.System));
        foreach (var message in request.Messages)
        {
            if (message.Role == ModelRole.Assistant) earlier.Add(Name(link));
            link = Append(link, message);
        }

        return new ConversationHash(Name(link), earlier);
    }

    /// <summary>A short deterministic name made of parts: ids of answers and calls.</summary>
    public static string Id(string prefix, string kind, int number) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{prefix}/{kind}/{number}")).AsSpan(0, NameBytes - 4));

    private static string Name(byte[] link) => Convert.ToHexStringLower(link.AsSpan(0, NameBytes));

    private static byte[] Append(byte[] link, ModelMessage message)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(link);
        hash.AppendData([(byte)message.Role]);
        Add(hash, message.Text);
        foreach (var call in message.Calls)
        {
            Add(hash, call.Id);
            Add(hash, call.Name);
            Add(hash, CanonicalJson.Of(call.Arguments));
        }

        foreach (var result in message.Results)
        {
            Add(hash, result.CallId);
            Add(hash, result.Text);
        }

        return hash.GetHashAndReset();
    }

    /// <summary>With its length, so that texts cannot run into each other.</summary>
    private static void Add(IncrementalHash hash, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        hash.AppendData(BitConverter.GetBytes(bytes.Length));
        hash.AppendData(bytes);
    }
}
