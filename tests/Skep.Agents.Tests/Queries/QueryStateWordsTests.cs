using Skep.Agents.Queries;

namespace Skep.Agents.Tests.Queries;

public sealed class QueryStateWordsTests
{
    [Theory]
    [InlineData(QueryStatus.Running, true, false, "running")]
    [InlineData(QueryStatus.Running, false, false, "interrupted")]
    [InlineData(QueryStatus.Init, false, false, "interrupted")]
    [InlineData(QueryStatus.Paused, false, false, "paused")]
    [InlineData(QueryStatus.Paused, false, true, "abandoned")]
    [InlineData(QueryStatus.Running, false, true, "abandoned")]
    [InlineData(QueryStatus.Complete, false, true, "complete")]
    [InlineData(QueryStatus.Terminated, false, false, "terminated")]
    [InlineData(QueryStatus.Error, true, true, "error")]
    public void A_query_is_said_to_run_only_while_somebody_works_on_it(QueryStatus status, bool isLive, bool runHasEnded, string word) =>
        Assert.Equal(word, QueryStateWords.Of(status, isLive, () => runHasEnded));
}
