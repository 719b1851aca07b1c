namespace Skep.Cli.Terminal;

/// <summary>Asks the person at the terminal.</summary>
internal static class Question
{
    /// <summary>Yes or no; anything but yes is no.</summary>
    public static bool Confirm(CliContext cli, string question)
    {
        cli.Error.Write($"{question} [y/N] ");
        cli.Error.Flush();
        return cli.In.ReadLine()?.Trim().ToUpperInvariant() is "Y" or "YES";
    }
}
