using System.CommandLine;
using Skep.Agents.Planning;

namespace Skep.Cli.Commands.Planning;

/// <summary><c>skep sparc</c>: runs the five phases of SPARC by their specialists.</summary>
internal sealed class SparcCommand : Verb
{
    public SparcCommand(CliContext cli) : base("sparc", "Runs the five phases of SPARC by their specialists. Specification, pseudocode, architecture, refinement and completion, and one synthesis of them.", "skep sparc pipeline \"A rate limiter for our API\"", "skep sparc batch \"The login flow\" \"The audit log\" --plan-only")
    {
        Add(new ModeCommand(cli, SparcMode.Pipeline, "pipeline", "One phase after the other, each with what those before it found.", "skep sparc pipeline \"A rate limiter for our API\""));
        Add(new ModeCommand(cli, SparcMode.Concurrent, "concurrent", "All five specialists at once on one goal; quicker, and they must assume what the others say.", "skep sparc concurrent \"A rate limiter for our API\" --plan-only"));
        Add(new ModeCommand(cli, SparcMode.Batch, "batch", "Several goals beside each other, each through its own pipeline.", "skep sparc batch \"The login flow\" \"The audit log\" --budget-usd 5"));
    }

    private sealed class ModeCommand : Verb
    {
        private readonly SparcMode _mode;
        private readonly Argument<string> _goal = new("GOAL") { Description = "What is to be reached." };
        private readonly Argument<string[]> _goals = new("GOALS") { Description = "What is to be reached, each in quotes.", Arity = new ArgumentArity(1, SparcPlan.MaxGoals) };
        private readonly DraftRun _draft;

        public ModeCommand(CliContext cli, SparcMode mode, string name, string description, string example) : base(name, description, example)
        {
            _mode = mode;
            if (mode == SparcMode.Batch) Add(_goals);
            else Add(_goal);
            _draft = new DraftRun(cli, this);
            SetAction((parsed, _) => SparcAsync(parsed));
        }

        private async Task<int> SparcAsync(ParseResult parsed)
        {
            var goals = (_mode == SparcMode.Batch ? parsed.GetValue(_goals)! : [parsed.GetValue(_goal)!]).Select(g => g.Trim()).ToList();
            if (goals.Exists(g => g.Length is 0 or > GoalOptions.MaxGoal)) throw new CliException(ExitCodes.Usage, $"a goal has 1 to {GoalOptions.MaxGoal} characters");
            var text = SparcPlan.Write(_mode, goals, _draft.Budget(parsed), _draft.Model(parsed));
            var read = PlanReader.Read(text);
            if (read.Plan is not { } plan) throw new CliException(ExitCodes.PlanInvalid, $"these goals cannot be planned: {string.Join("; ", read.Diagnostics.Take(3).Select(d => d.Message))}");
            var (folder, models) = _draft.Open(parsed);
            using (models) return await _draft.OfferAsync(parsed, folder, models, plan, read.Text);
        }
    }
}
