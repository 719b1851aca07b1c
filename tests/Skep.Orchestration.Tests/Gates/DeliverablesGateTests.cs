namespace Skep.Orchestration.Tests.Gates;

public sealed class DeliverablesGateTests
{
    [Fact]
    public async Task Files_that_are_there_pass_with_their_sizes_and_hashes()
    {
        using var place = new GatePlace();
        place.File("out/a.txt", "abc");
        place.File("out/deep/b.txt", "de");
        place.File(".skep/runs/r1/work/c.txt", "f");
        var result = await place.CheckAsync("{ deliverables: [out/a.txt, 'out/**/*.txt', '${run.dir}/c.txt'] }");
        Assert.Equal(AttemptOutcome.Succeeded, result.Outcome);
        Assert.Contains("3 files found, 6 bytes", result.Evidence);
        Assert.Contains("out/a.txt 3 B sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", result.Evidence);
    }

    [Theory]
    [InlineData("[there.txt, missing.txt]", "'missing.txt' is not there")]
    [InlineData("['*.md']", "'*.md' matches no file")]
    [InlineData("[empty.txt]", "'empty.txt' is empty")]
    [InlineData("[folder]", "'folder' is no plain file: for the files of a folder write 'folder/**'")]
    public async Task What_is_missing_or_empty_fails_and_is_named(string paths, string reason)
    {
        using var place = new GatePlace();
        place.File("there.txt", "x");
        place.File("empty.txt", "");
        place.File("folder/x", "x");
        var result = await place.CheckAsync($"{{ deliverables: {paths} }}");
        Assert.Equal((AttemptOutcome.Failed, false), (result.Outcome, result.Retryable));
        Assert.Contains(reason, result.Error);
        Assert.Contains(reason, result.Evidence);
    }

    [Fact]
    public async Task The_smallest_size_is_the_plans_to_choose()
    {
        using var place = new GatePlace();
        place.File("a.bin", new byte[1023]);
        Assert.Contains("1023 bytes, fewer than 1024", (await place.CheckAsync("{ deliverables: a.bin, min_bytes: 1KiB }")).Error);
        place.File("a.bin", new byte[1024]);
        Assert.Equal(AttemptOutcome.Succeeded, (await place.CheckAsync("{ deliverables: a.bin, min_bytes: 1KiB }")).Outcome);
    }

    [Fact]
    public async Task One_of_several_is_enough_where_the_plan_says_so()
    {
        using var place = new GatePlace();
        Assert.Contains("none of 2", (await place.CheckAsync("{ deliverables: [a.txt, b.txt], all: false }")).Error);
        place.File("b.txt", "x");
        Assert.Equal(AttemptOutcome.Succeeded, (await place.CheckAsync("{ deliverables: [a.txt, b.txt], all: false }")).Outcome);
    }

    [Fact]
    public async Task A_link_does_not_lead_out_of_the_workspace()
    {
        using var place = new GatePlace();
        File.WriteAllText(place.Outside, "secret");
        File.CreateSymbolicLink(Path.Combine(place.Workspace, "link.txt"), place.Outside);
        Directory.CreateSymbolicLink(Path.Combine(place.Workspace, "up"), Path.GetDirectoryName(place.Outside)!);
        Assert.Contains("leads out of its folder", (await place.CheckAsync("{ deliverables: link.txt }")).Error);
        Assert.Contains("leads out of its folder", (await place.CheckAsync("{ deliverables: up/outside.txt }")).Error);
        Assert.Contains("matches no file", (await place.CheckAsync("{ deliverables: '**/outside.txt' }")).Error);
    }

    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("../outside.txt")]
    public async Task A_path_that_a_value_led_astray_is_not_looked_at(string path)
    {
        using var place = new GatePlace();
        var gate = new Plans.GateSpec { Id = "g", Phase = "main", Kind = "deliverables", Deliverables = new Plans.DeliverablesCheck([path], 1, true) };
        var result = await new DeliverablesGate().CheckAsync(new GateRequest(gate, place.Request, null), new Execution.RecordingContext(), default);
        Assert.Contains("a gate does not look elsewhere", result.Error);
    }

    [Fact]
    public async Task The_evidence_of_many_files_is_bounded()
    {
        using var place = new GatePlace();
        for (var i = 0; i < 300; i++) place.File($"out/{i:000}-{new string('n', 80)}", "x");
        var result = await place.CheckAsync("{ deliverables: 'out/**' }");
        Assert.Contains("300 files found", result.Evidence);
        Assert.Contains("more", result.Evidence);
        Assert.True(result.Evidence!.Length <= AnswerBounds.MaxMessage);
    }
}
