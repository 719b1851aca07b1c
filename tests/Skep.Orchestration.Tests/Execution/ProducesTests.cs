namespace Skep.Orchestration.Tests.Execution;

public sealed class ProducesTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    private Task<AttemptResult> RunAsync(string script, params string[] produces) =>
        _place.ExecuteAsync(_place.Script(script) with { Produces = produces });

    [UnixFact]
    public async Task Promised_files_are_stored()
    {
        var result = await RunAsync("mkdir -p out; printf abc > out/a.txt; : > empty", "out/a.txt", "./empty");

        Assert.Equal(AttemptOutcome.Succeeded, result.Outcome);
        Assert.Equal(
            [
                new Artifact("out/a.txt", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", 3),
                new Artifact("empty", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", 0),
            ],
            result.Artifacts);
    }

    [UnixFact]
    public async Task Stars_match_within_a_folder_and_each_file_counts_once()
    {
        var result = await RunAsync("mkdir -p a b/c; touch a/1.txt a/2.txt a/x.bin a/.hidden.txt b/3.txt b/c/4.txt", "*/*.txt", "a/1.txt");

        Assert.Equal(["a/1.txt", "a/2.txt", "b/3.txt"], result.Artifacts.Select(a => a.Name));
    }

    [UnixFact]
    public async Task A_link_inside_the_working_directory_is_followed()
    {
        var result = await RunAsync("echo v2 > v2; ln -s v2 current", "current");

        Assert.Equal("v2\n"u8.ToArray(), _place.Store.Files["current"]);
        Assert.Equal(AttemptOutcome.Succeeded, result.Outcome);
    }

    [UnixFact]
    public async Task A_missing_file_fails_the_attempt()
    {
        foreach (var name in new[] { "model.bin", "*.bin", "none/*.bin" })
        {
            var result = await RunAsync("true", name);
            Assert.Equal((AttemptOutcome.Failed, true, 0), (result.Outcome, result.Retryable, result.ExitCode));
            Assert.StartsWith($"did not produce '{name}'", result.Error, StringComparison.Ordinal);
        }
    }

    [UnixFact]
    public async Task Nothing_outside_the_working_directory_is_taken()
    {
        await File.WriteAllTextAsync(Path.Combine(_place.Root, "private"), "x");

        Assert.Contains("not a path inside the working directory", (await RunAsync("true", "../../private")).Error, StringComparison.Ordinal);
        Assert.Contains("not a path inside the working directory", (await RunAsync("true", "/etc/passwd")).Error, StringComparison.Ordinal);
        Assert.Contains("leads out of the working directory", (await RunAsync("ln -sf /etc/passwd leak", "leak")).Error, StringComparison.Ordinal);
        Assert.Contains("leads out of the working directory", (await RunAsync("ln -sfn /etc dir", "dir/passwd")).Error, StringComparison.Ordinal);
        Assert.Contains("leads out of the working directory", (await RunAsync("true", "dir/pass*d")).Error, StringComparison.Ordinal);
        Assert.Empty(_place.Store.Files);
    }

    [UnixFact]
    public async Task Only_plain_files_are_taken()
    {
        Assert.Contains("is no plain file", (await RunAsync("mkdir folder", "folder")).Error, StringComparison.Ordinal);
        Assert.Contains("is no plain file", (await RunAsync("mkfifo pipe", "pipe")).Error, StringComparison.Ordinal);
    }

    [UnixFact]
    public async Task A_store_that_fails_fails_the_attempt()
    {
        var executor = new CommandExecutor(new FullStore());

        var result = await executor.ExecuteAsync(_place.Script("echo x > f") with { Produces = ["f"] }, _place.Context, default);

        Assert.Equal((AttemptOutcome.Failed, true, "what the command produced could not be kept: no space left"), (result.Outcome, result.Retryable, result.Error));
    }

    private sealed class FullStore : IArtifactStore
    {
        public Task<Artifact> PutAsync(string name, string path, CancellationToken cancel) => throw new InvalidOperationException("no space left");
    }

    [UnixFact]
    public async Task A_failed_command_produces_nothing()
    {
        var result = await RunAsync("echo x > f; exit 1", "f");

        Assert.Equal("exited with code 1", result.Error);
        Assert.Empty(result.Artifacts);
    }
}
