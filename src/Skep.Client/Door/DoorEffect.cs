namespace Skep.Client.Door;

/// <summary>What the shell does for a <see cref="DoorMachine"/>.</summary>
internal enum DoorAct
{
    /// <summary>Sends a line to the client.</summary>
    ToClient,

    /// <summary>Sends a line to the full server.</summary>
    ToServer,

    /// <summary>Starts the full server.</summary>
    StartServer,

    /// <summary>Closes the full server's input, so that it ends as it does when its client leaves.</summary>
    CloseServer,

    /// <summary>Ends the full server at once: it has been asked for nothing yet.</summary>
    DropServer,
}

/// <summary>One thing to do.</summary>
/// <param name="Act">What.</param>
/// <param name="Line">The line to send, with its line feed; empty for what sends nothing.</param>
internal readonly record struct DoorEffect(DoorAct Act, byte[] Line);
