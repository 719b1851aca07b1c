using System.Net;

namespace Skep.Server.Access;

/// <summary>
/// Keeps web pages out. A page may make its own name point at this machine (DNS rebinding) and then speak with the server as with its own; the browser
/// still says which name it used (<c>Host</c>) and where the page is from (<c>Origin</c>), so only names that are ours are answered.
/// </summary>
internal sealed class HostRule(IPAddress address, IReadOnlyList<string> names)
{
    /// <summary>Whether a request is for a name of ours.</summary>
    /// <param name="host">The host of the header, without the port; an IPv6 address in brackets.</param>
    public bool AllowsHost(string host)
    {
        if (IsOurs(host)) return true;
        // On all addresses we do not know our own; but what is rebound is a name, never a number.
        return IsWildcard && IPAddress.TryParse(host, out _);
    }

    /// <summary>Whether a page from there may ask. Programs that are no browsers send nothing.</summary>
    /// <param name="origin">The header; empty when there was none.</param>
    /// <param name="host">The host that the request is for: a page of our own may always ask.</param>
    public bool AllowsOrigin(string origin, string host)
    {
        if (origin.Length == 0) return true;
        if (!Uri.TryCreate(origin, UriKind.Absolute, out var from) || from.Scheme is not ("http" or "https")) return false;
        return IsOurs(from.Host) || string.Equals(from.Host, host, StringComparison.OrdinalIgnoreCase);
    }

    private bool IsWildcard => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);

    private bool IsOurs(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host, out var number) && (IPAddress.IsLoopback(number) || (!IsWildcard && number.Equals(address))))
        || names.Contains(host, StringComparer.OrdinalIgnoreCase);
}
