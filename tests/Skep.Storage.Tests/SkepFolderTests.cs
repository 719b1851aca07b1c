using System.Text;

namespace Skep.Storage.Tests;

public sealed class SkepFolderTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("skep-folder-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void The_folder_is_found_from_any_directory_below()
    {
        var created = SkepFolder.Create(_directory);
        var below = Directory.CreateDirectory(Path.Combine(_directory, "a", "b")).FullName;

        Assert.Equal(created.Root, SkepFolder.Find(below)?.Root);
        Assert.Equal(created.Root, SkepFolder.Find(_directory)?.Root);
        Assert.Equal(_directory, created.ProjectPath);
    }

    [Fact]
    public void The_nearest_folder_wins()
    {
        SkepFolder.Create(_directory);
        var inner = Directory.CreateDirectory(Path.Combine(_directory, "inner")).FullName;
        var created = SkepFolder.Create(inner);

        Assert.Equal(created.Root, SkepFolder.Find(inner)?.Root);
    }

    [Fact]
    public void Without_a_folder_nothing_is_found() => Assert.Null(SkepFolder.Find(_directory));

    [Fact]
    public void A_folder_reached_through_a_link_is_the_same_folder()
    {
        var created = SkepFolder.Create(_directory);
        var link = _directory + "-link";
        Directory.CreateSymbolicLink(link, _directory);
        try
        {
            Assert.Equal(created.Root, SkepFolder.Find(link)?.Root);
            Assert.Equal(created.SocketPath, SkepFolder.Find(link)?.SocketPath);
        }
        finally
        {
            Directory.Delete(link);
        }
    }

    [Fact]
    public void The_folder_is_for_its_owner_only_and_ignored_by_git()
    {
        var folder = SkepFolder.Create(_directory);

        Assert.Equal("*\n", File.ReadAllText(Path.Combine(folder.Root, ".gitignore")));
        if (OperatingSystem.IsWindows()) return;
        const UnixFileMode owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        foreach (var path in new[] { folder.Root, folder.BlobsPath, folder.RunsPath }) Assert.Equal(owner, File.GetUnixFileMode(path));
    }

    [Fact]
    public void Creating_again_narrows_rights_and_keeps_the_content()
    {
        var folder = SkepFolder.Create(_directory);
        File.WriteAllText(Path.Combine(folder.Root, ".gitignore"), "mine");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(folder.Root, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherRead);

        SkepFolder.Create(_directory);

        Assert.Equal("mine", File.ReadAllText(Path.Combine(folder.Root, ".gitignore")));
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(folder.Root) & UnixFileMode.OtherRead);
    }

    [Fact]
    public async Task Files_of_the_store_are_for_their_owner_only()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.True(OperatingSystem.IsWindows());
            return;
        }

        var folder = SkepFolder.Create(_directory);
        await using var store = SqliteStore.OpenOwner(folder);
        await store.AppendAsync(Given.Append("run", 0));

        foreach (var path in Directory.GetFiles(folder.Root))
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
    }

    [Theory]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("/etc")]
    [InlineData("../x")]
    [InlineData(".hidden")]
    [InlineData("a\0b")]
    [InlineData("a b")]
    [InlineData("é")]
    public void A_run_id_cannot_lead_out_of_the_folder(string id)
    {
        var folder = SkepFolder.Create(_directory);
        Assert.Throws<ArgumentException>(() => folder.RunPath(id));
    }

    [Fact]
    public void A_plain_run_id_names_a_folder_below_runs()
    {
        var folder = SkepFolder.Create(_directory);
        Assert.Equal(Path.Combine(folder.RunsPath, "build-2026.01_a"), folder.RunPath("build-2026.01_a"));
        Assert.Throws<ArgumentException>(() => folder.RunPath(new string('a', StorageLimits.MaxStreamIdLength + 1)));
    }

    [Fact]
    public void A_short_socket_path_lies_in_the_folder() =>
        Assert.Equal("/p/.skep/skep.sock", SocketLocation.For("/p/.skep", null, _directory).Replace('\\', '/'));

    [Fact]
    public void A_long_socket_path_moves_to_a_private_directory()
    {
        var root = "/" + new string('d', 200);
        var path = SocketLocation.For(root, null, _directory);

        Assert.True(Encoding.UTF8.GetByteCount(path) <= SocketLocation.MaxPathBytes, path);
        Assert.StartsWith(_directory, path, StringComparison.Ordinal);
        Assert.Equal(path, SocketLocation.For(root, null, _directory));
        Assert.NotEqual(path, SocketLocation.For(root + "2", null, _directory));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(path)!));
    }

    [Fact]
    public void The_runtime_directory_is_used_when_it_is_private()
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.False(OperatingSystem.IsLinux());
            return;
        }

        var root = "/" + new string('d', 200);
        var runtime = Directory.CreateDirectory(Path.Combine(_directory, "rt")).FullName;
        File.SetUnixFileMode(runtime, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Assert.StartsWith(runtime, SocketLocation.For(root, runtime, _directory), StringComparison.Ordinal);

        File.SetUnixFileMode(runtime, File.GetUnixFileMode(runtime) | UnixFileMode.OtherWrite);
        Assert.DoesNotContain("/rt/", SocketLocation.For(root, runtime, _directory), StringComparison.Ordinal);
        Assert.DoesNotContain("/rt/", SocketLocation.For(root, "relative/rt/", _directory), StringComparison.Ordinal);
    }

    [Fact]
    public void A_planted_link_in_the_temporary_directory_is_refused()
    {
        var root = "/" + new string('d', 200);
        var place = Path.GetDirectoryName(SocketLocation.For(root, null, _directory))!;
        Directory.Delete(place);
        var elsewhere = Directory.CreateDirectory(Path.Combine(_directory, "elsewhere")).FullName;
        Directory.CreateSymbolicLink(place, elsewhere);

        var e = Given.Fails(() => SocketLocation.For(root, null, _directory), StorageFault.Io);
        Assert.Contains(place, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_of_another_user_is_refused_unless_trusted()
    {
        var folder = SkepFolder.Create(_directory);
        Assert.NotNull(SkepFolder.Find(_directory));
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess) return; // Only root can give a folder away.

        using (var chown = System.Diagnostics.Process.Start("chown", ["12345", folder.Root])) chown.WaitForExit();

        var e = Given.Fails(() => SkepFolder.Find(_directory), StorageFault.ReadOnly);
        Assert.Contains("12345", e.Message, StringComparison.Ordinal);
        Given.Fails(() => SkepFolder.Create(_directory), StorageFault.ReadOnly);
        Assert.Equal(folder.Root, SkepFolder.Find(_directory, trustForeignOwner: true)?.Root);
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_reported()
    {
        var file = Path.Combine(_directory, "file");
        File.WriteAllText(file, "");

        var e = Assert.Throws<StorageException>(() => SkepFolder.Create(file));
        Assert.Contains(file, e.Message, StringComparison.Ordinal);
    }
}
