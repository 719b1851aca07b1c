using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Skep.Numerics.Tests;

/// <summary>All other tests of this project, with fewer instructions.</summary>
/// <remarks>
/// A kernel's level is chosen when it is compiled, so each level needs a process: a second test host, whose runtime is told by its environment what it may use. The knobs are
/// those of .NET 10 (EnableAVX512 replaced a knob per extension; unknown names are ignored in silence, so a test in there looks at what has come of it).
/// </remarks>
public sealed class LevelTests
{
    private const string Expected = "SKEP_NUMERICS_EXPECT";

    public static TheoryData<string, string> Levels
    {
        get
        {
            var levels = new TheoryData<string, string> { { "Scalar", "DOTNET_EnableHWIntrinsic" } };
            if (Simd.Level < SimdLevel.Avx2) return levels;
            levels.Add("Vector128", "DOTNET_EnableAVX2");
            if (Simd.HasVnni) levels.Add($"{Simd.Level}", "DOTNET_EnableAVXVNNI");
            if (Simd.Level < SimdLevel.Avx512) return levels;
            levels.Add(Simd.HasVnni ? "Avx2 + AvxVnni" : "Avx2", "DOTNET_EnableAVX512");
            if (Simd.HasVnni) levels.Add("Avx2", "DOTNET_EnableAVX512 DOTNET_EnableAVXVNNI");
            return levels;
        }
    }

    [Theory, MemberData(nameof(Levels))]
    public async Task Everything_holds_with_fewer_instructions(string level, string knobs)
    {
        // In such a process this has been done.
        if (Environment.GetEnvironmentVariable(Expected) is not null) return;
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            ArgumentList = { "vstest", typeof(LevelTests).Assembly.Location, "/TestCaseFilter:FullyQualifiedName!~Everything_holds" },
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { [Expected] = level, ["DOTNET_CLI_UI_LANGUAGE"] = "en" },
        };
        foreach (var knob in knobs.Split(' ')) start.Environment[knob] = "0";
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync() + await error;
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{level} ({knobs}=0):\n{output}");
        var passed = Regex.Match(output, @"Passed: +(?<count>\d+)", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));
        Assert.True(passed.Success && int.Parse(passed.Groups["count"].Value) >= 20, output);
    }

    [Fact]
    public void The_level_is_the_one_that_was_asked_for()
    {
        var expected = Environment.GetEnvironmentVariable(Expected);
        if (expected is not null) Assert.Equal(expected, Simd.Description);
        else Assert.True(Enum.IsDefined(Simd.Level));
    }
}
