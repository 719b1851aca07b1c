namespace Skep.Client.Commands.Memory.Patterns;

/// <summary><c>skep memory episodes</c>: what was tried, and how it went.</summary>
internal sealed class EpisodesCommand : Verb
{
    public EpisodesCommand(CliContext cli) : base("episodes", "Records and finds what was tried and how it went.", "skep memory episodes record 'sum the till export' --action 'split by tab' --success", "skep memory episodes advise sum the till export of May")
    {
        Add(new EpisodesRecordCommand(cli));
        Add(new EpisodesSearchCommand(cli));
        Add(new EpisodesAdviseCommand(cli));
        Add(new EpisodesListCommand(cli));
    }
}
