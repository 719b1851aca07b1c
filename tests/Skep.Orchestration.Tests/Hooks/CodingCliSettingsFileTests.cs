using Skep.Orchestration.Hooks;

namespace Skep.Orchestration.Tests.Hooks;

public sealed class CodingCliSettingsFileTests : IDisposable
{
    private const string Program = "/opt/skep/skepc";
    private readonly string _root = Directory.CreateTempSubdirectory("skep-settings-").FullName;
    private readonly string _project;
    private readonly string _user;

    public CodingCliSettingsFileTests()
    {
        _project = Directory.CreateDirectory(Path.Combine(_root, "project")).FullName;
        _user = Path.Combine(_root, "user");
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [InlineData(SettingsScope.Project, "project/.claude/settings.json")]
    [InlineData(SettingsScope.Local, "project/.claude/settings.local.json")]
    [InlineData(SettingsScope.User, "user/settings.json")]
    public void Each_scope_has_its_file_and_uninstall_removes_what_install_made(SettingsScope scope, string expected)
    {
        var file = FileOf(scope);
        Assert.Equal(Path.Combine(_root, expected), file.Path);
        Assert.Equal(SettingsChange.Unchanged, file.Uninstall());
        Assert.Equal(SettingsChange.Written, file.Install(Program));
        Assert.Equal(SettingsChange.Unchanged, file.Install(Program));
        Assert.Equal(10, ClaudeCodeSettings.InstalledEvents(file.Read()!).Count);
        Assert.Equal(SettingsChange.Removed, file.Uninstall());
        Assert.False(File.Exists(file.Path));
    }

    [Fact]
    public void Bytes_and_permissions_come_back_and_nothing_is_left_beside()
    {
        var file = FileOf(SettingsScope.Project);
        byte[] bytes = [0xEF, 0xBB, 0xBF, .. "{\r\n\t\"é\": 1\r\n}"u8];
        Write(file.Path, bytes);
        const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file.Path, Mode);

        Assert.Equal(SettingsChange.Written, file.Install(Program));
        Assert.Equal(SettingsChange.Written, file.Uninstall());

        Assert.Equal(bytes, File.ReadAllBytes(file.Path));
        if (!OperatingSystem.IsWindows()) Assert.Equal(Mode, File.GetUnixFileMode(file.Path));
        Assert.Equal([file.Path], Directory.GetFiles(Path.GetDirectoryName(file.Path)!));
    }

    [Fact]
    public void A_file_that_cannot_be_used_is_named_and_not_touched()
    {
        var file = FileOf(SettingsScope.Project);
        foreach (byte[] bytes in new byte[][] { [.. "{ // mine\n}"u8], [(byte)'{', 0xff], new byte[ClaudeCodeSettings.MaxBytes + 1] })
        {
            Write(file.Path, bytes);
            Assert.Contains(file.Path, Assert.Throws<CodingCliFormatException>(() => file.Install(Program)).Message, StringComparison.Ordinal);
            Assert.Equal(bytes, File.ReadAllBytes(file.Path));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_link_out_of_the_project_is_refused(bool linkFolder)
    {
        var file = FileOf(SettingsScope.Project);
        var outside = Directory.CreateDirectory(Path.Combine(_root, "outside")).FullName;
        Write(Path.Combine(outside, "settings.json"), "{}"u8);
        if (linkFolder) Directory.CreateSymbolicLink(Path.GetDirectoryName(file.Path)!, outside);
        else
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file.Path)!);
            File.CreateSymbolicLink(file.Path, "../../outside/settings.json");
        }

        Assert.Contains("out of the project", Assert.Throws<CodingCliFormatException>(() => file.Install(Program)).Message, StringComparison.Ordinal);
        Assert.Equal("{}", File.ReadAllText(Path.Combine(outside, "settings.json")));
    }

    [Fact]
    public void A_link_in_the_project_is_followed_and_stays()
    {
        var file = FileOf(SettingsScope.Project);
        Write(Path.Combine(_project, "shared.json"), "{}"u8);
        Directory.CreateDirectory(Path.GetDirectoryName(file.Path)!);
        File.CreateSymbolicLink(file.Path, "../shared.json");

        Assert.Equal(SettingsChange.Written, file.Install(Program));

        Assert.NotNull(new FileInfo(file.Path).LinkTarget);
        Assert.Contains(Program, File.ReadAllText(Path.Combine(_project, "shared.json")), StringComparison.Ordinal);
    }

    [Fact]
    public void The_users_own_link_may_lead_anywhere()
    {
        var file = FileOf(SettingsScope.User);
        Write(Path.Combine(_root, "dotfiles", "claude.json"), "{}"u8);
        Directory.CreateDirectory(_user);
        File.CreateSymbolicLink(file.Path, "../dotfiles/claude.json");

        Assert.Equal(SettingsChange.Written, file.Install(Program));
        Assert.Equal(SettingsChange.Written, file.Uninstall());
        Assert.Equal("{}", File.ReadAllText(Path.Combine(_root, "dotfiles", "claude.json")));
    }

    [Fact]
    public void A_circle_of_links_is_refused()
    {
        var file = FileOf(SettingsScope.User);
        Directory.CreateDirectory(_user);
        File.CreateSymbolicLink(file.Path, "settings.json");
        Assert.Contains("circle", Assert.Throws<CodingCliFormatException>(() => file.Install(Program)).Message, StringComparison.Ordinal);
    }

    private SettingsFile FileOf(SettingsScope scope) => new(scope, _project, _user);

    private static void Write(string path, ReadOnlySpan<byte> bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes.ToArray());
    }
}
