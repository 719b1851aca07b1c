namespace Skep.Cli.Commands.Merging;

/// <summary><c>skep merge</c>: the merge queues of coding agents.</summary>
internal sealed class MergeCommand : Verb
{
    public MergeCommand(CliContext cli) : base("merge", "Shows what coding agents have submitted to merge queues, and takes it back.", "skep merge list last", "skep merge withdraw last/parser")
    {
        Add(new MergeListCommand(cli));
        Add(new MergeWithdrawCommand(cli));
    }
}
