namespace Skep.Memory.Caching;

/// <summary>Where a Redis is (version 6 or newer), and how patient to be with it. A class, not a record, so that nothing prints the password.</summary>
public sealed class RedisOptions
{
    /// <summary>Names the server: <c>redis://host:port/database</c>, or <c>rediss://</c> for TLS.</summary>
    public const string AddressVariable = "SKEP_REDIS";

    /// <summary>Holds the user's name, for servers with access lists.</summary>
    public const string UserVariable = "SKEP_REDIS_USER";

    /// <summary>Holds the password.</summary>
    public const string PasswordVariable = "SKEP_REDIS_PASSWORD";

    /// <summary>Names a file with certificates (PEM) that the server's must descend from; without it, those that the machine trusts.</summary>
    public const string AuthorityVariable = "SKEP_REDIS_CA";

    /// <summary>Names the part of the server's keys that belongs to this cache: nodes that share a source share it.</summary>
    public const string NamespaceVariable = "SKEP_REDIS_NAMESPACE";

    /// <summary>Longest namespace.</summary>
    public const int MaxNamespace = 64;

    /// <summary>The server's name or address. Default localhost.</summary>
    public string Host { get; init; } = "localhost";

    /// <summary>Its port. Default 6379.</summary>
    public int Port { get; init; } = 6_379;

    /// <summary>Number of the database. Default 0.</summary>
    public int Database { get; init; }

    /// <summary>Whether to use TLS; the server's certificate is always checked. Default no.</summary>
    public bool Tls { get; init; }

    /// <summary>A file with certificates that the server's must descend from; null for those that the machine trusts.</summary>
    public string? AuthorityFile { get; init; }

    /// <summary>The user; null for Redis' default user.</summary>
    public string? User { get; init; }

    /// <summary>The password; null for none. It cannot be read back.</summary>
    public string? Password { internal get; init; }

    /// <summary>What keys begin with. Default skep.</summary>
    public string Namespace { get; init; } = "skep";

    /// <summary>How long connecting may take, with all that is said before it can be used. Default 2 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a command may take; after that the connection is given up, as its other replies would be late, too. Default 500 ms.</summary>
    public TimeSpan CommandTimeout { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How often the server is asked whether it still sends invalidations; it has as long to answer. Default 1 s.</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Pause before the first attempt to connect again; it doubles. Default 50 ms.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Longest pause. Default 5 s.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a record stays. Nodes look at its age themselves; this only makes room. Default 60 s.</summary>
    public TimeSpan KeepFor { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Most bytes of a record; larger ones are not put, and larger replies end the connection. Default 4 MiB.</summary>
    public int MaxRecordBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>Most commands without a reply; more are not sent. Default 4,096.</summary>
    public int MaxPending { get; init; } = 4_096;

    /// <summary>Most changes that are kept to be told while there is no connection; beyond that all nodes are told that anything may have changed. Default 10,000.</summary>
    public int MaxUntold { get; init; } = 10_000;

    /// <summary>The address without secrets.</summary>
    public string Address => $"{(Tls ? "rediss" : "redis")}://{(Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host)}:{Port}/{Database}";

    /// <summary>Reads the settings from environment variables; null where there is no <see cref="AddressVariable"/>.</summary>
    /// <param name="variable">Reads a variable.</param>
    /// <param name="defaultNamespace">The namespace where none is named.</param>
    /// <exception cref="CacheException">They make no sense.</exception>
    public static RedisOptions? FromEnvironment(Func<string, string?> variable, string defaultNamespace)
    {
        ArgumentNullException.ThrowIfNull(variable);
        if (variable(AddressVariable) is not { Length: > 0 } text) return null;
        // The text is not shown: somebody may have put a password into it.
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("redis" or "rediss") || uri.Host.Length == 0)
            throw new CacheException($"{AddressVariable} is not the address of a Redis: write redis://host:port/database, or rediss:// for TLS");
        if (uri.UserInfo.Length > 0) throw new CacheException($"{AddressVariable} has a user or password in it, which would be shown wherever the address is: use {UserVariable} and {PasswordVariable}");
        var database = 0;
        if (uri.AbsolutePath.Trim('/') is { Length: > 0 } number && (!int.TryParse(number, out database) || database is < 0 or > 1_023))
            throw new CacheException($"{AddressVariable} names database '{MemoryPath.Shown(number)}': use a number, such as redis://{uri.Host}/0");
        var options = new RedisOptions
        {
            Host = uri.Host.Trim('[', ']'),
            Port = uri.Port > 0 ? uri.Port : 6_379,
            Database = database,
            Tls = uri.Scheme == "rediss",
            User = NullIfEmpty(variable(UserVariable)),
            Password = NullIfEmpty(variable(PasswordVariable)),
            AuthorityFile = NullIfEmpty(variable(AuthorityVariable)),
            Namespace = NullIfEmpty(variable(NamespaceVariable)) ?? defaultNamespace,
        };
        options.Require();
        return options;
    }

    internal void Require()
    {
        if (Namespace.Length is 0 or > MaxNamespace || Namespace.Any(static c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.' or ':')))
            throw new CacheException($"'{MemoryPath.Shown(Namespace)}' cannot be the namespace in Redis ({NamespaceVariable}): use 1 to {MaxNamespace} ASCII letters, digits and - _ . :");
        if (User is not null && Password is null) throw new CacheException($"{UserVariable} names a user for Redis, but {PasswordVariable} is not set");
        if (Port is < 1 or > 65_535) throw new CacheException($"{Port} is not a port of Redis: give 1 to 65535");
        if (MaxRecordBytes < 1_024 || MaxPending < 1 || MaxUntold < 1) throw new CacheException($"{nameof(MaxRecordBytes)} must be at least 1024, {nameof(MaxPending)} and {nameof(MaxUntold)} at least 1");
    }

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
