namespace Skep.Testing.Hosts;

/// <summary>A request that is no HTTP, or is larger than allowed. The connection is closed behind the answer.</summary>
/// <param name="status">The status.</param>
/// <param name="message">What is wrong; without characters that JSON would have to escape.</param>
internal sealed class HttpProblem(int status, string message) : Exception(message)
{
    public int Status { get; } = status;
}
