using System.Security.Cryptography;

namespace Skep.Orchestration;

/// <summary>Names of requests. Random, because requests come from many processes that know nothing of each other.</summary>
public static class RequestIds
{
    /// <summary>Length of a name, in characters.</summary>
    public const int Length = 26;

    /// <summary>A new name: 130 random bits.</summary>
    public static string Next() => RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz234567", Length);
}
