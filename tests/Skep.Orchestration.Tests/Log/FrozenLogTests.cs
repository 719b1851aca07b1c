using System.Text;
using System.Text.Json;
using Skep.Orchestration.Tests.Core;
using Skep.Storage;

namespace Skep.Orchestration.Tests.Log;

/// <summary>
/// A log that the first version wrote, kept as it was. It must stay readable for ever: when an event changes its shape, this file does not;
/// a step in <see cref="EventUpgrades"/> makes up the difference.
/// </summary>
public sealed class FrozenLogTests
{
    [Fact]
    public void The_first_versions_log_still_loads()
    {
        var state = RunState.For(QueenRig.Parse(File.ReadAllText(Fixture("log-v1.plan.yaml"))));
        foreach (var stored in File.ReadLines(Fixture("log-v1.ndjson")).Select(Parse))
        {
            var recorded = EventCodec.Decode(stored);
            Queen.Apply(state, recorded.Event, recorded.At);
        }

        Assert.Equal(RunStatus.Succeeded, state.Status);
        Assert.Equal("1.2", state.Find("release")!.Outputs["version"]);
        Assert.Equal(2, state.Find("flaky")!.Attempts.Count);
        Assert.Equal((TaskStatus.Failed, 7), (state.Find("bad")!.Status, state.Find("bad")!.Attempts[0].Result!.ExitCode));
        Assert.Equal(6, state.Find("part")!.Items!.Count);
        Assert.Equal("fine", state.Find("approve")!.Outputs["answer"]);
    }

    private static string Fixture(string name) => Path.Combine(AppContext.BaseDirectory, "fixtures", name);

    private static StoredEvent Parse(string line)
    {
        using var json = JsonDocument.Parse(line);
        var e = json.RootElement;
        return new StoredEvent(
            e.GetProperty("seq").GetInt64(),
            e.GetProperty("type").GetString()!,
            e.GetProperty("version").GetInt32(),
            e.GetProperty("at").GetInt64(),
            Encoding.UTF8.GetBytes(e.GetProperty("payload").GetRawText()));
    }
}
