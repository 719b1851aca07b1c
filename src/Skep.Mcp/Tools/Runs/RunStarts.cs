using System.Text.Json;
using Skep.Mcp.Folder;
using Skep.Orchestration;
using Skep.Storage;

namespace Skep.Mcp.Tools.Runs;

/// <summary>Starts and resumes runs where the folder's owner is.</summary>
internal static class RunStarts
{
    /// <summary>Starts a run of a plan. When this returns its first event is durable, and somebody works on it.</summary>
    /// <exception cref="ToolFault">It cannot be started.</exception>
    public static async Task StartAsync(FolderDesk desk, StartMessage start) =>
        await AskAsync(desk, "owner.start", JsonSerializer.SerializeToElement(start, OwnerJson.Default.StartMessage));

    /// <summary>Has a run worked on that nobody works on.</summary>
    /// <exception cref="ToolFault">It cannot be resumed.</exception>
    public static async Task ResumeAsync(FolderDesk desk, string run, CancellationToken cancel)
    {
        if ((await RunLook.LiveAsync(desk, cancel)).Contains(run)) return;
        await AskAsync(desk, "owner.resume", JsonSerializer.SerializeToElement(new ResumeMessage(run), OwnerJson.Default.ResumeMessage));
    }

    /// <summary>Not cancelled: a run that was asked for begins, whether or not somebody waits for the answer.</summary>
    private static async Task AskAsync(FolderDesk desk, string op, JsonElement args)
    {
        var response = await desk.Gate.AskAsync(new ControlRequest { Op = op, Args = args }, CancellationToken.None);
        if (response.Ok) return;
        if (response.Error?.StartsWith("unknown request", StringComparison.Ordinal) != true) throw new ToolFault(response.Error ?? "the run could not be started");
        throw new ToolFault($"process {response.Pid} owns {SkepFolder.Name} and works on its own run only: wait until it has ended (run_status tells), then ask again");
    }
}
