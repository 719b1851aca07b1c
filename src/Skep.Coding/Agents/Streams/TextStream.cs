using System.Text;

namespace Skep.Coding.Agents;

/// <summary>Plain text: every line is said by the agent, and all of it is the answer. Of a longer one the end is kept.</summary>
internal sealed class TextStream : ICliStream
{
    private readonly StringBuilder _answer = new();

    /// <inheritdoc />
    public AgentEnded AtEnd => new(_answer.ToString().Trim(), null);

    /// <inheritdoc />
    public IEnumerable<StreamEvent> Read(string line)
    {
        _answer.Append(line).Append('\n');
        if (_answer.Length > CodingLimits.MaxAnswer) _answer.Remove(0, _answer.Length - CodingLimits.MaxAnswer);
        yield return new AgentSaid(line);
    }
}
