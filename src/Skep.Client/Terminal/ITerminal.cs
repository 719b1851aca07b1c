namespace Skep.Client.Terminal;

/// <summary>What the standard streams are connected to.</summary>
internal interface ITerminal
{
    /// <summary>Whether a person reads standard output as it comes.</summary>
    bool OutIsTerminal { get; }

    /// <summary>Whether a person can answer on standard input.</summary>
    bool InIsTerminal { get; }

    /// <summary>Columns and rows of the window. Asked before every drawing, because windows change.</summary>
    (int Width, int Height) Size { get; }
}

/// <summary>The process's own terminal.</summary>
internal sealed class ProcessTerminal : ITerminal
{
    /// <summary>Size where none can be found out.</summary>
    public static readonly (int Width, int Height) Fallback = (80, 24);

    /// <inheritdoc />
    public bool OutIsTerminal => !Console.IsOutputRedirected;

    /// <inheritdoc />
    public bool InIsTerminal => !Console.IsInputRedirected;

    /// <inheritdoc />
    public (int Width, int Height) Size
    {
        get
        {
            try
            {
                return Console.IsOutputRedirected || Console.WindowWidth <= 0 || Console.WindowHeight <= 0 ? Fallback : (Console.WindowWidth, Console.WindowHeight);
            }
            catch (IOException)
            {
                return Fallback;
            }
        }
    }
}
