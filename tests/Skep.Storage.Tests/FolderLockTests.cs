using System.Diagnostics;

namespace Skep.Storage.Tests;

public sealed class FolderLockTests : IDisposable
{
    private readonly TestFolder _test = new();

    public void Dispose() => _test.Dispose();

    [Fact]
    public void A_second_lock_in_the_same_process_is_refused_and_names_the_owner()
    {
        using var held = FolderLock.Acquire(_test.Folder, new ManualTime());

        Assert.Null(FolderLock.TryAcquire(_test.Folder));
        var e = Given.Fails(() => FolderLock.Acquire(_test.Folder), StorageFault.Locked);
        Assert.Contains($"process {Environment.ProcessId} ", e.Message, StringComparison.Ordinal);
        Assert.Contains("2026-01-02T03:04:05Z", e.Message, StringComparison.Ordinal);
        Assert.Contains(_test.Folder.Root, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_released_lock_can_be_taken_again()
    {
        FolderLock.Acquire(_test.Folder).Dispose();
        using var again = FolderLock.TryAcquire(_test.Folder);
        Assert.NotNull(again);
    }

    [Theory]
    [InlineData("")]
    [InlineData("12")]
    [InlineData("not a pid\nx\ny\n")]
    [InlineData("999999999999999999\nx\ny\n")]
    public void Stale_content_does_no_harm(string content)
    {
        File.WriteAllText(_test.Folder.LockPath, content);
        Assert.Null(FolderLock.ReadOwner(_test.Folder));
        using var held = FolderLock.TryAcquire(_test.Folder);
        Assert.NotNull(held);
        Assert.Equal(Environment.ProcessId, FolderLock.ReadOwner(_test.Folder)?.ProcessId);
    }

    [Fact]
    public void An_exclusively_opened_file_counts_as_locked()
    {
        using var other = new FileStream(_test.Folder.LockPath, FileMode.Create, FileAccess.ReadWrite, FileShare.None);
        Assert.Null(FolderLock.TryAcquire(_test.Folder));
    }

    [Fact]
    public async Task A_lock_of_another_process_holds_until_that_process_dies()
    {
        if (!File.Exists("/usr/bin/flock"))
        {
            Assert.False(OperatingSystem.IsLinux(), "install util-linux, the test needs /usr/bin/flock");
            return;
        }

        File.WriteAllText(_test.Folder.LockPath, "4242\nelsewhere\n2026-01-01T00:00:00Z\n");
        var start = new ProcessStartInfo("/usr/bin/flock") { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardInput = true };
        foreach (var argument in new[] { "--no-fork", "-x", _test.Folder.LockPath, "sh", "-c", "echo held; read line" }) start.ArgumentList.Add(argument);
        using var other = Process.Start(start)!;
        Assert.Equal("held", await other.StandardOutput.ReadLineAsync());

        var e = Given.Fails(() => SqliteStore.OpenOwner(_test.Folder), StorageFault.Locked);
        Assert.Contains("process 4242 on elsewhere", e.Message, StringComparison.Ordinal);

        other.Kill(entireProcessTree: true);
        await other.WaitForExitAsync();
        await using var store = SqliteStore.OpenOwner(_test.Folder);
        Assert.Empty(store.List());
    }

    [Fact]
    public async Task A_folder_has_one_owner_at_a_time()
    {
        var first = SqliteStore.OpenOwner(_test.Folder);
        Given.Fails(() => SqliteStore.OpenOwner(_test.Folder), StorageFault.Locked);
        await first.DisposeAsync();
        await using var second = SqliteStore.OpenOwner(_test.Folder);
        await second.AppendAsync(Given.Append("run", 0));
        Assert.Single(second.List());
    }

    [Fact]
    public void A_lock_file_that_cannot_be_opened_is_reported()
    {
        File.Delete(_test.Folder.LockPath);
        Directory.CreateDirectory(_test.Folder.LockPath);
        var e = Given.Fails(() => SqliteStore.OpenOwner(_test.Folder), StorageFault.ReadOnly);
        Assert.Contains(_test.Folder.LockPath, e.Message, StringComparison.Ordinal);
    }
}
