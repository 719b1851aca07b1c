using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Skep.Client.Door;

namespace Skep.Mcp.Tests;

/// <summary>The thin client's door, without processes: what is answered at once, what waits, what is passed on, and what becomes of calls when the server ends.</summary>
public sealed class DoorMachineTests
{
    private const string Initialize = """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}""";
    private const string Initialized = """{"jsonrpc":"2.0","method":"notifications/initialized"}""";
    private const string List = """{"jsonrpc":"2.0","id":"l","method":"tools/list"}""";
    private const string Call = """{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"memory_usage","arguments":{"id":8,"method":"x"}}}""";
    private const string Check = """{"jsonrpc":"2.0","id":"skepc/check","method":"tools/list"}""";
    private const string Changed = """> {"jsonrpc":"2.0","method":"notifications/tools/list_changed"}""";
    private static readonly DoorCatalogue Catalogue = DoorCatalogue.BuiltIn();
    private static readonly string Begun = $$"""{"result":{{Catalogue.Initialize("2025-06-18")}},"id":1,"jsonrpc":"2.0"}""";

    private readonly DoorMachine _door = new(Catalogue, all: false);

    [Fact]
    public void A_client_that_connects_has_the_tools_before_the_server_has_said_anything()
    {
        var begun = Client(Initialize);
        Assert.Equal([$$"""> {"result":{{Catalogue.InitializeAtDoor("2025-06-18")}},"id":1,"jsonrpc":"2.0"}""", "StartServer", "< " + Initialize], begun);
        Assert.Empty(Client(Initialized));
        Assert.Equal([$$"""> {"result":{{Encoding.UTF8.GetString(Catalogue.Default)}},"id":"l","jsonrpc":"2.0"}"""], Client(List));
        Assert.Equal(["""> {"result":{},"id":3,"jsonrpc":"2.0"}"""], Client("""{"jsonrpc":"2.0","id":3,"method":"ping"}"""));
    }

    [Fact]
    public void All_tools_are_listed_where_all_are_asked_for()
    {
        var door = new DoorMachine(Catalogue, all: true);
        door.ClientSays(Line(Initialize));
        Assert.Equal($$"""{"result":{{Encoding.UTF8.GetString(Catalogue.All)}},"id":"l","jsonrpc":"2.0"}""" + "\n", Encoding.UTF8.GetString(Assert.Single(door.ClientSays(Line(List))).Line));
    }

    [Fact]
    public void Calls_wait_for_the_server_and_are_passed_on_in_order_after_its_beginning_which_is_kept_from_the_client()
    {
        Client(Initialize);
        Assert.Empty(Client(Initialized));
        Assert.Empty(Client(Call));
        Assert.Empty(Client("""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":7}}"""));
        Assert.Equal(["< " + Initialized, "< " + Call, """< {"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":7}}""", "< " + Check], Server(Begun));
        Assert.Equal(["""> {"result":{"content":[]},"id":7,"jsonrpc":"2.0"}"""], Server("""{"result":{"content":[]},"id":7,"jsonrpc":"2.0"}"""));
        Assert.Equal(["< " + Call], Client(Call));
    }

    [Fact]
    public void The_servers_own_list_is_compared_and_kept_from_the_client()
    {
        BeginAll();
        Assert.Empty(Server($$"""{"result":{{Encoding.UTF8.GetString(Catalogue.Default)}},"id":"skepc/check","jsonrpc":"2.0"}"""));
        Assert.True(_door.Trusted);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Another_version_or_list_of_the_server_is_told_and_lists_come_from_it_from_then_on(bool atBeginning)
    {
        Client(Initialize);
        Client(Initialized);
        if (atBeginning) Assert.Equal([Changed, "< " + Initialized], Server(Begun.Replace("\"version\":\"", "\"version\":\"9", StringComparison.Ordinal)));
        else
        {
            Server(Begun);
            Assert.Equal([Changed], Server("""{"result":{"tools":[]},"id":"skepc/check","jsonrpc":"2.0"}"""));
        }

        Assert.Equal(["< " + List], Client(List));
        Assert.Equal(["""> {"result":{"tools":[]},"id":"l","jsonrpc":"2.0"}"""], Server("""{"result":{"tools":[]},"id":"l","jsonrpc":"2.0"}"""));
    }

    [Fact]
    public void A_version_of_the_protocol_that_the_catalogue_does_not_know_is_the_servers_to_answer()
    {
        var other = Initialize.Replace("2025-06-18", "2031-01-01", StringComparison.Ordinal);
        Assert.Equal(["StartServer", "< " + other], Client(other));
        Assert.Empty(Client(List));
        Assert.Equal(["> " + Begun, "< " + List], Server(Begun));
    }

    [Fact]
    public void A_page_of_the_list_and_a_request_for_another_protocol_are_the_servers_to_answer()
    {
        BeginAll();
        var page = """{"jsonrpc":"2.0","id":4,"method":"tools/list","params":{"cursor":"x"}}""";
        var other = """{"jsonrpc":"2.0","id":5,"method":"tools/list","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}}""";
        Assert.Equal(["< " + page], Client(page));
        Assert.Equal(["< " + other], Client(other));
    }

    [Fact]
    public void A_request_before_any_beginning_starts_a_server_without_one()
    {
        Assert.Equal(["StartServer", "< " + List], Client(List));
        Assert.Equal(["> " + Begun], Server(Begun));
    }

    [Fact]
    public void When_the_server_ends_calls_in_flight_are_answered_with_why_and_the_next_call_starts_another_that_begins_as_the_first()
    {
        BeginAll();
        Client(Call);
        var told = Assert.Single(Said(_door.ServerEnds("exit code 137")));
        Assert.Contains("\"id\":7", told, StringComparison.Ordinal);
        Assert.Contains("ended before it had answered: exit code 137", told, StringComparison.Ordinal);
        Assert.Contains(Encoding.UTF8.GetString(Catalogue.Default), Assert.Single(Client(List)), StringComparison.Ordinal);
        Assert.Equal(["StartServer", "< " + Initialize], Client(Call));
        Assert.Equal(["< " + Initialized, "< " + Call, "< " + Check], Server(Begun));
        Assert.Equal(["""> {"result":{},"id":7,"jsonrpc":"2.0"}"""], Server("""{"result":{},"id":7,"jsonrpc":"2.0"}"""));
    }

    [Fact]
    public void A_server_that_keeps_ending_is_not_started_for_ever()
    {
        Client(Initialize);
        for (var i = 0; i < DoorMachine.MaxFailures; i++)
        {
            Client(Call);
            var refused = Assert.Single(Said(_door.ServerEnds("exit code 2, and it said: \"no\"")));
            Assert.Contains("ended before it was ready", refused, StringComparison.Ordinal);
        }

        var said = Assert.Single(Client(Call));
        Assert.Contains("Try 'skep mcp' by hand", System.Text.Json.JsonDocument.Parse(said[2..]).RootElement.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_answer_makes_earlier_ends_forgotten()
    {
        BeginAll();
        for (var i = 0; i < 3 * DoorMachine.MaxFailures; i++)
        {
            Assert.Contains("< " + Call, i == 0 ? Client(Call) : [.. Client(Call), .. Server(Begun)]);
            Server("""{"result":{},"id":7,"jsonrpc":"2.0"}""");
            Assert.Empty(_door.ServerEnds("exit code 1"));
        }
    }

    [Fact]
    public void A_cancelled_call_is_not_answered_when_the_server_ends()
    {
        BeginAll();
        Client(Call);
        Client("""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":7}}""");
        Assert.Empty(_door.ServerEnds("exit code 1"));
    }

    [Fact]
    public void What_the_server_asks_the_client_may_answer_while_that_server_lives()
    {
        BeginAll();
        const string Ask = """{"jsonrpc":"2.0","id":1,"method":"roots/list"}""";
        const string Roots = """{"jsonrpc":"2.0","id":1,"result":{"roots":[]}}""";
        Assert.Equal(["> " + Ask], Server(Ask));
        Assert.Equal(["< " + Roots], Client(Roots));
        Server(Ask);
        _door.ServerEnds("exit code 1");
        Assert.Empty(Client(Roots));
    }

    [Fact]
    public void What_waits_is_bounded()
    {
        Client(Initialize);
        for (var i = 0; i < DoorMachine.MaxWaiting; i++) Assert.Empty(Client(Call));
        Assert.Contains("256 messages", Assert.Single(Client(Call)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_client_that_leaves_ends_the_server_at_once_where_it_was_asked_for_nothing_and_else_in_good_order()
    {
        Client(Initialize);
        Assert.Equal(["DropServer"], Said(_door.ClientEnds()));
        var other = new DoorMachine(Catalogue, all: false);
        other.ClientSays(Line(Initialize));
        other.ServerSays(Line(Begun));
        Assert.Equal(["CloseServer"], Said(other.ClientEnds()));
        Assert.Empty(new DoorMachine(Catalogue, all: false).ClientEnds());
    }

    [Fact]
    public void Whatever_happens_every_call_is_answered_once()
    {
        // 0: a call; 1: the server answers the oldest call or its beginning; 2: the server ends; 3: a list.
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), steps =>
        {
            var door = new DoorMachine(Catalogue, all: false);
            var (open, atServer, asked) = (new HashSet<string>(StringComparer.Ordinal), new Queue<string>(), 1);
            Play(door.ClientSays(Line(Initialize)));
            foreach (var step in steps)
            {
                if (step % 4 is 0 or 3)
                {
                    var id = $"{++asked}";
                    open.Add(id);
                    Play(door.ClientSays(Line($$"""{"id":{{id}},"method":"{{(step % 4 == 0 ? "tools/call" : "tools/list")}}"}""")));
                }
                else if (step % 4 == 1 && atServer.TryDequeue(out var answered)) Play(door.ServerSays(Line(answered == "1" ? Begun : "{\"id\":" + answered + ",\"result\":{}}")));
                else if (step % 4 == 2)
                {
                    atServer.Clear();
                    Play(door.ServerEnds("gone"));
                }
            }

            Play(door.ServerEnds("gone"));
            Assert.Empty(open);

            void Play(IReadOnlyList<DoorEffect> effects)
            {
                foreach (var (act, line) in effects)
                {
                    var head = MessageHead.Of(line);
                    if (act == DoorAct.ToServer && head.Kind == MessageKind.Request && head.Id != "\"skepc/check\"") atServer.Enqueue(head.Id);
                    if (act == DoorAct.ToClient && head.Id != "1") Assert.True(open.Remove(head.Id), $"{head.Id} was answered twice");
                }
            }
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":"a b","method":"x","params":{"id":3}}""", "Request", "\"a b\"", "x")]
    [InlineData("""{"params":{"id":3,"method":"y"},"method":"x"}""", "Notification", "", "x")]
    [InlineData("""{"result":{"method":"x"},"id":-5}""", "Response", "-5", "")]
    [InlineData("""[{"id":1,"method":"x"}]""", "Other", "", "")]
    [InlineData("""{"id":1,""", "Other", "", "")]
    [InlineData("garbage", "Other", "", "")]
    [InlineData("", "Other", "", "")]
    [InlineData("""{"id":null,"method":"x"}""", "Notification", "", "x")]
    public void The_head_of_a_message_is_read_and_the_rest_stepped_over(string line, string kind, string id, string method)
    {
        var head = MessageHead.Of(Encoding.UTF8.GetBytes(line));
        Assert.Equal((kind, id, method), (head.Kind.ToString(), head.Id, head.Method));
    }

    [Fact]
    public void Lines_of_any_length_and_in_any_pieces_come_out_whole_and_endless_ones_are_an_error()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<NonNegativeInt[]>(), lengths =>
        {
            var lines = lengths.Select(l => new string('x', l.Get * 997 % 60_000)).ToList();
            var reader = new LineReader(new MemoryStream(Encoding.UTF8.GetBytes(string.Concat(lines.Select(l => l + "\n")) + "end")));
            foreach (var line in lines) Assert.Equal(line + "\n", Encoding.UTF8.GetString(reader.Read()!));
            Assert.Equal("end\n", Encoding.UTF8.GetString(reader.Read()!));
            Assert.Null(reader.Read());
        }).QuickCheckThrowOnFailure();
        Assert.Throws<InvalidDataException>(() => new LineReader(new MemoryStream(new byte[LineReader.MaxLine * 2 + 1])).Read());
    }

    private void BeginAll()
    {
        Client(Initialize);
        Client(Initialized);
        Server(Begun);
    }

    private List<string> Client(string line) => Said(_door.ClientSays(Line(line)));

    private List<string> Server(string line) => Said(_door.ServerSays(Line(line)));

    private static List<string> Said(IReadOnlyList<DoorEffect> effects) => [.. effects.Select(e => e.Act switch
    {
        DoorAct.ToClient => "> " + Encoding.UTF8.GetString(e.Line).TrimEnd('\n'),
        DoorAct.ToServer => "< " + Encoding.UTF8.GetString(e.Line).TrimEnd('\n'),
        _ => e.Act.ToString(),
    })];

    private static byte[] Line(string text) => Encoding.UTF8.GetBytes(text + "\n");
}
