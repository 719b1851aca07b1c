using System.CommandLine;
using System.Globalization;
using Skep.Agents;
using Skep.Agents.Planning;
using Skep.Cli.Running;
using Skep.Cli.Terminal;
using Skep.Models.Endpoints;

namespace Skep.Cli.Commands.Planning;

/// <summary>What commands share that make a plan and run it: budget, price, showing, asking, running.</summary>
internal sealed class DraftRun
{
    private readonly CliContext _cli;
    private readonly Option<long?> _tokens = new("--budget-tokens") { Description = "Most tokens of the run; 500,000 unless a budget is given.", HelpName = "N" };
    private readonly Option<double?> _usd = new("--budget-usd") { Description = "Most US dollars of the run.", HelpName = "USD" };
    private readonly Option<string?> _model = new("--model") { Description = "Model, as plans name it: provider/model. The configured one unless given.", HelpName = "MODEL" };
    private readonly Option<string?> _out = new("--out", "-o") { Description = "Write the plan to this file, too.", HelpName = "FILE" };
    private readonly Option<bool> _planOnly = new("--plan-only") { Description = "Show the plan and its price, and start nothing." };
    private readonly Option<bool> _yes = new("--yes", "-y") { Description = "Run it without asking." };
    private readonly Option<string?> _id = new("--id") { Description = "Id of the run. Without it one is made of the plan's name and the time.", HelpName = "ID" };
    private readonly Option<string?> _dir = CommonOptions.Dir();
    private readonly RunShowOptions _show;

    public DraftRun(CliContext cli, Command command)
    {
        _cli = cli;
        _tokens.Validators.Add(r => { if (r.GetValueOrDefault<long?>() is < 1) r.AddError("--budget-tokens must be at least 1"); });
        _usd.Validators.Add(r => { if (r.GetValueOrDefault<double?>() is not (null or > 0)) r.AddError("--budget-usd must be more than 0"); });
        foreach (var option in new Option[] { _model, _tokens, _usd, _out, _planOnly, _yes, _id, _dir }) command.Add(option);
        _show = new RunShowOptions(command);
    }

    public string? Model(ParseResult parsed) => parsed.GetValue(_model);

    /// <summary>The budget that was asked for; there always is one.</summary>
    public Budget Budget(ParseResult parsed)
    {
        var (tokens, usd) = (parsed.GetValue(_tokens), parsed.GetValue(_usd));
        return tokens is null && usd is null ? new Budget(Tokens: 500_000, AtLimit: AtLimit.Fail) : new Budget(tokens, usd, AtLimit: AtLimit.Fail);
    }

    /// <summary>The folder, made if there is none, with its models.</summary>
    /// <exception cref="CliException">The files that describe models cannot be used.</exception>
    public (SkepFolder Folder, ModelSource Models) Open(ParseResult parsed)
    {
        var folder = Folders.FindOrCreate(_cli, parsed.GetValue(_dir));
        try
        {
            return (folder, new ModelSource(folder.Root, new ModelSourceOptions { Environment = _cli.Variable, Time = _cli.Time }));
        }
        catch (ModelConfigurationException e)
        {
            throw new CliException(ExitCodes.PlanInvalid, e.Message);
        }
    }

    /// <summary>Shows a plan with its price, asks, and runs it.</summary>
    public async Task<int> OfferAsync(ParseResult parsed, SkepFolder folder, ModelSource models, Plan plan, string text)
    {
        var show = _show.Read(parsed);
        var screen = show.Json || show.Quiet ? _cli.Error : _cli.Out;
        if (parsed.GetValue(_out) is { } file) Save(file, text);
        screen.WriteLine(text);
        screen.WriteLine(PriceLine(PlanPrice.Of(plan, models), plan.Swarm.Budget));
        if (parsed.GetValue(_planOnly)) return ExitCodes.Ok;
        if (!parsed.GetValue(_yes) && !Agreed()) return ExitCodes.Ok;
        var (errors, warnings) = ModelChecks.Of(plan, folder.Root, _cli.Variable);
        if (errors.Count > 0) throw new PlanNotRunnableException(string.Join('\n', errors));
        foreach (var warning in warnings) _cli.Error.WriteLine($"warning: {warning}");
        await using var work = await ForegroundRun.OpenAsync(_cli, folder, show, CancellationToken.None);
        var request = new RunRequest
        {
            RunId = parsed.GetValue(_id) ?? RunIds.Make(plan.Name, _cli.Time.GetUtcNow(), _cli.RunSuffix()),
            Plan = plan,
            PlanText = text,
            PlanDirectory = _cli.Directory,
            Workspace = _cli.Directory,
        };
        return await work.WatchAsync(screen => work.Host.StartAsync(request, screen));
    }

    private bool Agreed()
    {
        if (!_cli.Terminal.InIsTerminal) throw new CliException(ExitCodes.Usage, "nothing was started: there is nobody to ask; --yes runs the plan without asking, --plan-only only shows it");
        if (Question.Confirm(_cli, "Run this plan?")) return true;
        _cli.Error.WriteLine("nothing was started");
        return false;
    }

    private void Save(string file, string text)
    {
        try
        {
            File.WriteAllText(_cli.FullPath(file), text);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CliException(ExitCodes.Usage, $"the plan cannot be written to {file}: {e.Message}");
        }
    }

    private static string PriceLine(PlanPrice price, Budget budget)
    {
        var usd = price.Usd is { } known ? string.Create(CultureInfo.InvariantCulture, $", ${known:0.00}") : $", price unknown of {string.Join(", ", price.Unpriced)}";
        var limits = new List<string>();
        if (budget.Tokens is { } tokens) limits.Add(string.Create(CultureInfo.InvariantCulture, $"{tokens:N0} tokens"));
        if (budget.CostUsd is { } most) limits.Add(string.Create(CultureInfo.InvariantCulture, $"${most}"));
        return string.Create(CultureInfo.InvariantCulture, $"A rough guess: {price.Tokens:N0} tokens{usd} ({PlanPrice.TurnsPerTask} turns a task). It ends at its budget: {string.Join(", ", limits)}.");
    }
}
