namespace Skep.Client.Door;

/// <summary>A running <c>skep mcp</c>, seen from the door.</summary>
internal interface IFullServer
{
    /// <summary>Says a line to it. What a server that has ended is told is lost; its end is told separately.</summary>
    void Send(ReadOnlySpan<byte> line);

    /// <summary>Closes its input: it ends by itself, as it does when its client leaves.</summary>
    void Close();

    /// <summary>Ends it at once.</summary>
    void Kill();

    /// <summary>Waits until it has ended.</summary>
    Task ExitedAsync();
}

/// <summary>Starts a full server.</summary>
/// <param name="onLine">Called with every line that it says, one at a time.</param>
/// <param name="onEnd">Called once, after its last line, with what happened to it.</param>
/// <exception cref="IOException">It cannot be started.</exception>
internal delegate IFullServer StartFullServer(Action<IFullServer, byte[]> onLine, Action<IFullServer, string> onEnd);
