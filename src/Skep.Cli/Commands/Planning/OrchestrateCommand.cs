using System.CommandLine;
using System.Globalization;
using Skep.Agents;
using Skep.Agents.Planning;
using Skep.Models;

namespace Skep.Cli.Commands.Planning;

/// <summary><c>skep orchestrate</c>: lets a model take a goal apart into a plan, and runs it.</summary>
internal sealed class OrchestrateCommand : Verb
{
    private readonly CliContext _cli;
    private readonly Argument<string> _goal = new("GOAL") { Description = "What is to be reached, in a sentence or more." };
    private readonly Option<string> _strategy = new("--strategy") { Description = "Kind of work.", DefaultValueFactory = _ => GoalStrategies.Auto };
    private readonly Option<string> _mode = new("--mode") { Description = "How the agents stand to each other: one plan for all, teams whose leads add work, or peers who all do.", DefaultValueFactory = _ => GoalModes.Centralized };
    private readonly Option<int> _agents = new("--max-agents") { Description = "Most agents.", HelpName = "N", DefaultValueFactory = _ => 6 };
    private readonly Option<int> _tasks = new("--max-tasks") { Description = "Most tasks.", HelpName = "N", DefaultValueFactory = _ => 12 };
    private readonly Option<bool> _commands = new("--allow-commands") { Description = "The plan may run commands, which a model writes. Read it before you say yes." };
    private readonly DraftRun _draft;

    public OrchestrateCommand(CliContext cli)
        : base("orchestrate", "Takes a goal apart into a plan, and runs it. A model writes the plan; it is checked, shown and priced, and runs when you agree. Without a model nothing is made up: you get a template.", "skep orchestrate \"Compare three queues for our ingest, with sources\" --strategy research", "skep orchestrate \"Design the login flow\" --plan-only -o login.yaml", "skep orchestrate \"Summarise docs/\" --budget-usd 1 --yes")
    {
        _cli = cli;
        _strategy.AcceptOnlyFromAmong([.. GoalStrategies.Names]);
        _mode.AcceptOnlyFromAmong([.. GoalModes.Names]);
        foreach (var bounded in new[] { _agents, _tasks })
            bounded.Validators.Add(r => { if (r.GetValueOrDefault<int>() is < 1 or > 100) r.AddError($"{bounded.Name} must be 1 to 100"); });
        Add(_goal);
        foreach (var option in new Option[] { _strategy, _mode, _agents, _tasks, _commands }) Add(option);
        _draft = new DraftRun(cli, this);
        SetAction(OrchestrateAsync);
    }

    private async Task<int> OrchestrateAsync(ParseResult parsed, CancellationToken cancel)
    {
        var options = new GoalOptions
        {
            Goal = GoalOf(parsed),
            Strategy = parsed.GetValue(_strategy)!,
            Topology = GoalModes.TopologyOf(parsed.GetValue(_mode)!),
            MaxAgents = parsed.GetValue(_agents),
            MaxTasks = parsed.GetValue(_tasks),
            Budget = _draft.Budget(parsed),
            AllowCommands = parsed.GetValue(_commands),
        };
        var (folder, models) = _draft.Open(parsed);
        using (models)
        {
            var made = await PlanAsync(parsed, options, models, cancel);
            var usd = made.Usd is { } known ? string.Create(CultureInfo.InvariantCulture, $", ${known:0.0000}") : "";
            _cli.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"planned by {made.Model} in {made.Tries} {(made.Tries == 1 ? "try" : "tries")}, {made.Tokens.Total:N0} tokens{usd}"));
            return await _draft.OfferAsync(parsed, folder, models, made.Plan, made.Text);
        }
    }

    private async Task<GoalPlan> PlanAsync(ParseResult parsed, GoalOptions options, IModelSource models, CancellationToken cancel)
    {
        var model = _draft.Model(parsed) ?? ChatExecutor.DefaultModel;
        RequireModel(models, model, options);
        try
        {
            return await new GoalPlanner(models, _cli.Time).PlanAsync(options, model, line => _cli.Error.WriteLine(line), cancel);
        }
        catch (ModelException e)
        {
            throw new CliException(ExitCodes.RunFailed, $"the model did not make a plan: {e.Message}");
        }
        catch (GoalPlanException e)
        {
            _cli.Out.Write(e.LastText);
            throw new CliException(ExitCodes.PlanInvalid, $"{e.Message}. Above is the last one; mend it and run it with 'skep run', or try another model");
        }
    }

    private void RequireModel(IModelSource models, string model, GoalOptions options)
    {
        try
        {
            models.Resolve(model);
        }
        catch (ModelException e)
        {
            _cli.Out.Write(GoalTemplate.Write(options));
            throw new CliException(ExitCodes.PlanInvalid, $"no model can be asked, so nobody took the goal apart: {e.Message}. Above is a template to fill in; docs/models.md says how to configure a model");
        }
    }

    private string GoalOf(ParseResult parsed)
    {
        var goal = parsed.GetValue(_goal)!.Trim();
        return goal.Length is > 0 and <= GoalOptions.MaxGoal ? goal : throw new CliException(ExitCodes.Usage, $"the goal has {goal.Length} characters; write 1 to {GoalOptions.MaxGoal}");
    }
}
