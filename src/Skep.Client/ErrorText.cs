using Skep.Client.Terminal;

namespace Skep.Client;

/// <summary>The one place where failures become a message and an exit code.</summary>
internal static class ErrorText
{
    /// <summary>Set to 1 to see where an error comes from.</summary>
    public const string DebugVariable = "SKEP_DEBUG";

    /// <summary>Writes the error and returns the exit code.</summary>
    public static int Render(Exception error, CliContext cli)
    {
        var (code, message) = Explain(error);
        if (message.Length > 0) cli.Error.WriteLine($"error: {PlainLine.Clean(message)}");
        if (cli.Variable(DebugVariable) == "1") cli.Error.WriteLine(error);
        else if (code == ExitCodes.Internal) cli.Error.WriteLine($"This is a fault in skep. Please report it, with what you see when you repeat the command with {DebugVariable}=1.");
        return code;
    }

    private static (int Code, string Message) Explain(Exception error) => error switch
    {
        CliException e => (e.ExitCode, e.Message),
        PlanNotRunnableException e => (ExitCodes.PlanInvalid, e.Message),
        RunLogException e => (ExitCodes.RunNotFound, e.Message),
        StorageException e => (ExitCodes.Storage, e.Message + Advice(e.Fault)),
        UnauthorizedAccessException e => (ExitCodes.Storage, e.Message + "; check the rights of the file and its folder"),
        IOException e => (ExitCodes.Storage, e.Message),
        OperationCanceledException => (ExitCodes.Interrupted, "interrupted"),
        _ => (ExitCodes.Internal, $"{error.GetType().Name}: {error.Message}"),
    };

    private static string Advice(StorageFault fault) => fault switch
    {
        StorageFault.Full => " ('skep gc' removes old runs); 'skep resume' goes on with a run",
        StorageFault.Corrupt => "; 'skep doctor' tells what is damaged",
        _ => "",
    };
}
