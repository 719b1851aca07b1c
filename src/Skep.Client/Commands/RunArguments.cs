using System.CommandLine;
using System.CommandLine.Completions;
using Skep.Client.Reading;

namespace Skep.Client.Commands;

/// <summary>Arguments that name runs and tasks, with completion from the folder at hand.</summary>
internal static class RunArguments
{
    /// <summary>Most names that completion offers.</summary>
    public const int MaxOffered = 50;

    /// <summary>A run that must be named.</summary>
    public static Argument<string> Run(CliContext cli) => Complete(cli, new Argument<string>("RUN") { Description = "Id of a run, a unique beginning of one, or 'last'." });

    /// <summary>A run that may be left out.</summary>
    public static Argument<string?> OptionalRun(CliContext cli, string otherwise) =>
        Complete(cli, new Argument<string?>("RUN") { Description = $"Id of a run, a unique beginning of one, or 'last'. {otherwise}", Arity = ArgumentArity.ZeroOrOne });

    /// <summary>A task that may be left out.</summary>
    public static Argument<string?> OptionalTask(string description) => new("TASK") { Description = description, Arity = ArgumentArity.ZeroOrOne };

    private static Argument<T> Complete<T>(CliContext cli, Argument<T> argument)
    {
        argument.CompletionSources.Add(context => Offer(cli, context.WordToComplete));
        return argument;
    }

    private static IEnumerable<CompletionItem> Offer(CliContext cli, string begun)
    {
        try
        {
            var folder = Folders.Find(cli, null);
            var store = SqliteStore.OpenReader(folder);
            try
            {
                return [.. store.List().Select(s => s.Stream).Append(RunLookup.Last).Where(s => s.StartsWith(begun, StringComparison.Ordinal)).Take(MaxOffered).Select(s => new CompletionItem(s))];
            }
            finally
            {
                store.DisposeAsync().AsTask().GetAwaiter().GetResult();
            }
        }
        catch (Exception e) when (e is CliException or StorageException or IOException)
        {
            // Completion never disturbs the person who types.
            return [];
        }
    }
}
