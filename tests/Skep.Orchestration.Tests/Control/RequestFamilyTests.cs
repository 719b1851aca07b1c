using System.Net.Sockets;
using System.Text.Json;
using Skep.Orchestration.Tests.Execution;
using Skep.Orchestration.Tests.Shell;
using Skep.Storage;

namespace Skep.Orchestration.Tests.Control;

public sealed class RequestFamilyTests : IDisposable
{
    private readonly string _project = Directory.CreateTempSubdirectory("skep-family-").FullName;
    private readonly SkepFolder _folder;
    private readonly Echo _echo = new();

    public RequestFamilyTests() => _folder = SkepFolder.Create(_project);

    private SkepHostOptions Options => new() { Families = [_echo] };

    public void Dispose() => Directory.Delete(_project, recursive: true);

    [UnixFact]
    public async Task A_family_answers_over_the_socket_and_in_a_momentary_owner_alike()
    {
        var without = await CallAsync("echo.say", "1");
        await using var host = SkepHost.Open(_folder, Options);
        var with = await CallAsync("echo.say", "1");
        Assert.Equal(("say 1", "say 1"), (without.Result!.Value.GetString(), with.Result!.Value.GetString()));
        Assert.Equal([true, true], [without.Ok, with.Ok]);
    }

    [UnixFact]
    public async Task One_connection_carries_many_requests()
    {
        await using var host = SkepHost.Open(_folder, Options);
        using var channel = await ControlChannel.TryConnectAsync(_folder);
        for (var i = 0; i < 100; i++)
            Assert.Equal($"say {i}", (await channel!.AskAsync(Request("echo.say", $"{i}"))).Result!.Value.GetString());
    }

    [UnixFact]
    public async Task A_stream_arrives_element_by_element_before_its_result()
    {
        var seen = new List<string>();
        await using var host = SkepHost.Open(_folder, Options);
        var last = await ControlClient.CallAsync(_folder, Request("echo.stream", "0"), e => seen.Add(e.GetString()!), Options);
        Assert.Equal(["0", "1", "2"], seen);
        Assert.Equal("done", last.Result!.Value.GetString());
    }

    [UnixFact]
    public async Task A_caller_who_goes_away_ends_its_stream()
    {
        await using var host = SkepHost.Open(_folder, Options);
        var first = new TaskCompletionSource();
        using var leaving = new CancellationTokenSource();
        var asking = ControlClient.TrySendAsync(_folder, Request("echo.forever", "0"), _ => first.TrySetResult(), cancel: leaving.Token);
        await first.Task.WaitAsync(Hive.Patience);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);

        await _echo.Ended.Task.WaitAsync(Hive.Patience);
    }

    [UnixFact]
    public async Task What_a_family_refuses_and_what_breaks_it_reach_the_caller_with_a_code()
    {
        Assert.Equal((false, RequestCodes.NotFound, "no such thing"), Outcome(await CallAsync("echo.refuse", "1")));
        Assert.Equal((false, RequestCodes.Internal, "broken"), Outcome(await CallAsync("echo.break", "1")));
        Assert.Equal(RequestCodes.BadRequest, (await CallAsync("nobody.asks", "1")).Code);

        static (bool, string?, string?) Outcome(ControlResponse response) => (response.Ok, response.Code, response.Error);
    }

    [UnixFact]
    public async Task A_caller_waits_for_its_turn_while_another_process_is_the_owner_for_a_moment()
    {
        var held = FolderLock.Acquire(_folder);
        var call = CallAsync("echo.say", "1");
        Assert.False(call.IsCompleted);
        held.Dispose();
        Assert.True((await call.WaitAsync(Hive.Patience)).Ok);
    }

    [UnixFact]
    public async Task Whoever_wants_to_own_the_folder_waits_for_an_owner_of_a_moment_and_not_for_one_that_listens()
    {
        var held = FolderLock.Acquire(_folder);
        var opening = SkepHost.OpenAsync(_folder, Options);
        Assert.False(opening.IsCompleted);
        held.Dispose();
        await using var host = await opening.WaitAsync(Hive.Patience);
        var refused = await Assert.ThrowsAsync<StorageException>(() => SkepHost.OpenAsync(_folder, Options));
        Assert.Equal(StorageFault.Locked, refused.Fault);
    }

    [UnixFact]
    public async Task A_request_that_is_too_long_is_refused_at_once_and_a_longer_answer_is_read()
    {
        await using var host = SkepHost.Open(_folder, Options);
        var refused = await CallAsync("echo.say", new string('x', ControlProtocol.MaxLine));
        Assert.Equal(RequestCodes.TooLarge, refused.Code);
        var answer = await CallAsync("echo.thrice", new string('x', ControlProtocol.MaxLine / 2));
        Assert.Equal(ControlProtocol.MaxLine / 2 * 3, answer.Result!.Value.GetString()!.Length);
    }

    [UnixFact]
    public async Task A_caller_may_have_less_patience_with_an_owner_that_does_not_answer()
    {
        using var listener = Listen();
        var error = await Assert.ThrowsAsync<IOException>(() => ControlClient.CallAsync(_folder, Request("echo.say", "1"), options: Options, patience: TimeSpan.FromMilliseconds(20)));
        Assert.Contains("within 0 s", error.Message.Replace("0.0", "0", StringComparison.Ordinal));
    }

    [UnixFact]
    public async Task A_request_whose_owner_died_before_the_answer_is_delivered_again_under_its_name()
    {
        using (var listener = Listen())
        {
            var call = CallAsync("echo.say", "1");
            string? lost;
            using (var connection = new ControlConnection(await listener.AcceptAsync()))
            {
                var line = await connection.ReadLineAsync(CancellationToken.None);
                lost = JsonDocument.Parse(line!.Value).RootElement.GetProperty("id").GetString();
            }

            listener.Dispose();
            Assert.True((await call.WaitAsync(Hive.Patience)).Ok);
            Assert.Equal(lost, _echo.LastId);
        }
    }

    [UnixFact]
    public async Task An_owner_that_does_not_answer_is_an_error_that_says_so()
    {
        using var listener = Listen();
        var error = await Assert.ThrowsAsync<IOException>(() => ControlClient.TrySendAsync(_folder, Request("echo.say", "1"), patience: TimeSpan.FromMilliseconds(20)));
        Assert.Contains("did not answer within", error.Message);
    }

    [UnixFact]
    public async Task An_owner_of_another_version_is_told_apart()
    {
        await using var host = SkepHost.Open(_folder, Options);
        var response = await ControlClient.TrySendAsync(_folder, Request("echo.say", "1") with { V = 99 });
        Assert.Equal(RequestCodes.Version, response!.Code);
    }

    private Socket Listen()
    {
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(_folder.SocketPath));
        listener.Listen();
        return listener;
    }

    private Task<ControlResponse> CallAsync(string op, string value) => ControlClient.CallAsync(_folder, Request(op, value), options: Options);

    private static ControlRequest Request(string op, string value) => new() { Op = op, Args = JsonDocument.Parse($"{{\"value\":\"{value}\"}}").RootElement };

    private sealed class Echo : IRequestFamily
    {
        public string Name => "echo";

        public string? LastId { get; private set; }

        public TaskCompletionSource Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public async Task<JsonElement> HandleAsync(FamilyRequest request, CancellationToken cancel)
        {
            LastId = request.Id;
            switch (request.Op)
            {
                case "refuse": throw new RequestException(RequestCodes.NotFound, "no such thing");
                case "thrice": return Text(string.Concat(Enumerable.Repeat(request.Args.GetProperty("value").GetString(), 3)));
                case "break": throw new InvalidOperationException("broken");
                case "stream":
                    for (var i = 0; i < 3; i++) await request.SendAsync(Text($"{i}"), cancel);
                    return Text("done");
                case "forever":
                    await request.SendAsync(Text("begun"), cancel);
                    await Task.Delay(Timeout.Infinite, cancel).ContinueWith(_ => Ended.TrySetResult(), TaskScheduler.Default);
                    return Text("ended");
                default: return Text($"{request.Op} {request.Args.GetProperty("value").GetString()}");
            }
        }

        private static JsonElement Text(string text) => JsonDocument.Parse($"\"{text}\"").RootElement;
    }
}
