namespace Skep.Testing.Hosts;

/// <summary>The first line and the headers of a request.</summary>
internal static class RequestHead
{
    /// <summary>Reads them; the text is without the empty line.</summary>
    /// <exception cref="HttpProblem">It is no HTTP/1.</exception>
    public static (string Method, string Path, Dictionary<string, string> Headers, bool IsOld) Parse(string head)
    {
        var lines = head.Split("\r\n");
        var parts = lines[0].Split(' ');
        if (parts.Length != 3 || !parts[2].StartsWith("HTTP/1.", StringComparison.Ordinal)) throw new HttpProblem(400, "the first line is not METHOD PATH HTTP/1.1");
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in lines.AsSpan(1)) Add(headers, line);
        return (parts[0], PathOf(parts[1]), headers, parts[2] == "HTTP/1.0");
    }

    private static void Add(Dictionary<string, string> headers, string line)
    {
        var colon = line.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0 || char.IsWhiteSpace(line[0])) throw new HttpProblem(400, "a header has no name");
        var (name, value) = (line[..colon], line[(colon + 1)..].Trim());
        headers[name] = headers.TryGetValue(name, out var before) ? $"{before}, {value}" : value;
    }

    /// <summary>The path without query, also when a whole address was sent, as to a proxy.</summary>
    private static string PathOf(string target)
    {
        var path = Uri.TryCreate(target, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" ? uri!.AbsolutePath : target;
        var query = path.IndexOf('?', StringComparison.Ordinal);
        return query < 0 ? path : path[..query];
    }
}
