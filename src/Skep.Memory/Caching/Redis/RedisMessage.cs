using System.Globalization;
using System.Text;

namespace Skep.Memory.Caching;

/// <summary>An invalidation on the wire: the sender, the version as a number, and the key; without a key it means all.</summary>
/// <param name="Sender">The node's id.</param>
/// <param name="Order">The version, see <see cref="CacheOrder"/>.</param>
/// <param name="Key">The key; null for all.</param>
internal readonly record struct RedisMessage(string Sender, long Order, string? Key)
{
    internal static byte[] Write(string sender, long order, string? key) =>
        Encoding.UTF8.GetBytes(key is null ? $"{sender} {order.ToString(CultureInfo.InvariantCulture)}" : $"{sender} {order.ToString(CultureInfo.InvariantCulture)} {key}");

    /// <summary>Reads it; what cannot be read means that anything may have changed, which is always safe.</summary>
    internal static RedisMessage Read(ReadOnlySpan<byte> bytes)
    {
        var text = Encoding.UTF8.GetString(bytes);
        var parts = text.Split(' ', 3);
        if (parts.Length < 2 || !long.TryParse(parts[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var order)) return new RedisMessage("", CacheOrder.None, null);
        return new RedisMessage(parts[0], order, parts.Length == 3 ? parts[2] : null);
    }
}
