using System.Text;

namespace Skep.Plans.Tests.Reading;

/// <summary>Whatever the text, reading ends with findings and never with an exception.</summary>
public class FuzzTests
{
    private static readonly string[] Valid = [.. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Reading", "Golden"), "*.yaml").Order(StringComparer.Ordinal).Select(File.ReadAllText)];

    private static readonly string[] Pieces =
    [
        "\n", "\n  ", "\n    - ", ": ", "- ", "[", "]", "{", "}", ",", "'", "\"", "|", ">", "&a ", "*a", "!!str ", "# ", "\t", "\\", "${", "}", "$${", "~", "null", "true",
        "plan", "tasks", "id", "run", "needs", "foreach", "when", "retry", "gates", "metric", "phases", "vars", "x", "0", "1.5", "-", "---\n", "...", "?", "%", "@", "`", "<<", "\r\n", "\u0085", "\u2028", "é", "\U0001F41D",
        "tasks.a.outputs.b", "memory.x/y", "item", "(", ")", "==", "&&", "10%", "5m", "for", ">=",
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Random_pieces_of_yaml_never_throw(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 3_000; i++)
        {
            var text = new StringBuilder("plan: x\ntasks:\n");
            for (var n = random.Next(60); n > 0; n--) text.Append(Pieces[random.Next(Pieces.Length)]);
            Check(text.ToString());
        }
    }

    [Theory]
    [InlineData(21)]
    [InlineData(22)]
    public void Random_agent_files_never_throw(int seed)
    {
        string[] pieces = [.. Pieces, "---", "name: ", "description: ", "tools: ", "Bash(", "git:*", ")", "Read", "capabilities", "model", "limits", "memory: user", "system"];
        var random = new Random(seed);
        for (var i = 0; i < 3_000; i++)
        {
            var text = "---\n" + string.Concat(Enumerable.Range(0, random.Next(40)).Select(_ => pieces[random.Next(pieces.Length)] + (random.Next(3) == 0 ? "\n" : "")));
            var result = AgentFileReader.Read(random.Next(4) == 0 ? text : text + "\n---\nbody", "x.md");
            Assert.Equal(result.File is null, result.Diagnostics.Any(d => d.Severity == Severity.Error));
        }
    }

    [Theory]
    [InlineData(5)]
    [InlineData(6)]
    public void Random_characters_never_throw(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 2_000; i++)
            Check(string.Concat(Enumerable.Range(0, random.Next(80)).Select(_ => (char)random.Next(random.Next(4) == 0 ? 0x10000 : 128))));
    }

    [Theory]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    public void Mutations_of_plans_never_throw(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 1_500; i++)
        {
            var text = new StringBuilder(Valid[random.Next(Valid.Length)]);
            for (var n = random.Next(1, 6); n > 0; n--) Mutate(text, random);
            Check(text.ToString());
        }
    }

    private static void Mutate(StringBuilder text, Random random)
    {
        var at = random.Next(text.Length);
        var length = Math.Min(text.Length - at, random.Next(1, 12));
        switch (random.Next(4))
        {
            case 0: text.Remove(at, text.Length > length ? length : 0); break;
            case 1: text.Insert(at, Pieces[random.Next(Pieces.Length)]); break;
            case 2: text.Insert(random.Next(text.Length), text.ToString(at, length)); break;
            default: text[at] = (char)random.Next(9, 127); break;
        }
    }

    private static void Check(string text)
    {
        PlanReadResult result;
        try
        {
            result = PlanReader.Read(text);
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"reading threw for: {text}", e);
        }

        Assert.Equal(result.IsValid, result.Diagnostics.All(d => d.Severity == Severity.Warning));
        Assert.All(result.Diagnostics, d => Assert.DoesNotContain('\n', d.Message));
    }
}
