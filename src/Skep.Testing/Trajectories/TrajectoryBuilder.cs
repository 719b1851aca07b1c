namespace Skep.Testing;

/// <summary>Puts a trajectory together from exchanges.</summary>
internal sealed class TrajectoryBuilder
{
    private readonly List<TrajectoryStep> _steps = [];
    private readonly HashSet<string> _results = new(StringComparer.Ordinal);
    private string? _lastPrefix;
    private int _turnStart;
    private int _turn;
    private int _userTexts;
    private long _tokens;

    /// <summary>Builds it.</summary>
    public static Trajectory Build(IEnumerable<Exchange> exchanges, string name)
    {
        var builder = new TrajectoryBuilder();
        foreach (var exchange in exchanges)
            if (exchange is { Outcome: ExchangeOutcome.Answered, Request: { } request, Answer: { } answer }) builder.Add(request, answer);
        return new Trajectory(builder._steps, builder._tokens, name);
    }

    private void Add(ModelRequest request, ModelAnswer answer)
    {
        _tokens += answer.Usage.Total;
        // Asked for again, after a crash or a broken connection: the later answer stands.
        if (request.Prefix == _lastPrefix) _steps.RemoveRange(_turnStart, _steps.Count - _turnStart);
        else AddNew(request);
        _turnStart = _steps.Count;
        _lastPrefix = request.Prefix;
        if (answer.Text.Length > 0) _steps.Add(TrajectoryStep.Said(answer.Text, _turn));
        foreach (var call in answer.Calls) _steps.Add(TrajectoryStep.Called(call.Name, call.Arguments, _turn));
    }

    /// <summary>What the request brings that has not been seen: results of tools, and what the user said.</summary>
    private void AddNew(ModelRequest request)
    {
        foreach (var message in request.Messages)
            foreach (var result in message.Results)
                if (_results.Add(result.CallId)) _steps.Add(TrajectoryStep.Returned(result.Name, result.Text, _turn));
        var users = request.Messages.Where(m => m.Role == ModelRole.User).ToList();
        // After compaction a conversation has fewer texts of the user than it had; none of them is new then.
        foreach (var user in users.Skip(_userTexts)) _steps.Add(TrajectoryStep.Asked(user.Text));
        _userTexts = users.Count;
        _turn++;
    }
}
