using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Skep.Memory;
using Skep.Memory.Patterns;
using Skep.Memory.Patterns.Causes;
using Skep.Memory.Patterns.Consolidating;
using Skep.Memory.Patterns.Skills;
using Skep.Orchestration.Hooks;

namespace Skep.Orchestration;

/// <summary>Answers <c>patterns.*</c>: episodes, skills, causal notes and consolidation over the folder's memory.</summary>
public sealed class PatternFamily(MemoryStore memory, MemorySearch search) : IRequestFamily
{
    /// <summary>Ids of evidence that an answer names for each skill; the skill's entry has more.</summary>
    private const int ShownEvidence = 100;

    private readonly EpisodeBook _episodes = new(memory, search);
    private readonly SkillBook _skills = new(memory, search);
    private readonly EpisodeKeeper _keeper = new(memory);

    /// <inheritdoc/>
    public string Name => "patterns";

    /// <inheritdoc/>
    public async Task<JsonElement> HandleAsync(FamilyRequest request, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(request);
        try
        {
            var args = request.Args.ValueKind == JsonValueKind.Undefined ? new PatternArgs() : request.Args.Deserialize(PatternArgsJson.Default.PatternArgs) ?? new PatternArgs();
            return await CarryOutAsync(request, args, PatternSpaces.Of(args.Space), cancel);
        }
        catch (JsonException e)
        {
            throw new RequestException(RequestCodes.BadRequest, $"the arguments of patterns.{Text.Shorten(request.Op, 40)} are not valid: {e.Message}");
        }
        catch (MemoryException e)
        {
            throw new RequestException(MemoryFamily.CodeOf(e.Fault), e.Message);
        }
    }

    private async Task<JsonElement> CarryOutAsync(FamilyRequest request, PatternArgs args, PatternSpaces spaces, CancellationToken cancel)
    {
        switch ($"patterns.{request.Op}")
        {
            case PatternOps.Record: return Json(await _episodes.RecordAsync(spaces, EpisodeOf(args), request.Id, cancel), PatternJson.Default.RecordedEpisode);
            case PatternOps.Search: return Json(await _episodes.SearchAsync(spaces, QueryOf(args), cancel), PatternJson.Default.FoundEpisodes);
            case PatternOps.List: return Json(_episodes.List(spaces, args.After, args.Limit ?? 100), PatternJson.Default.EpisodePage);
            case PatternOps.Advise: return Json(await _episodes.AdviseAsync(spaces, QueryOf(args), cancel), PatternJson.Default.Advice);
            case PatternOps.Skills: return Json(await SkillsAsync(spaces, args, cancel), PatternJson.Default.SkillPage);
        }

        // What follows reads everything there is: the caller hears first that it was understood.
        await request.SendAsync(Json(new PatternWorkingMessage(request.Op), PatternArgsJson.Default.PatternWorkingMessage), cancel);
        return $"patterns.{request.Op}" switch
        {
            PatternOps.Distill => Json(await DistillAsync(spaces, args, cancel), PatternJson.Default.Distillation),
            PatternOps.Causes => Json(_keeper.Causes(spaces, CausesOf(args)), PatternJson.Default.CausalReport),
            PatternOps.Consolidate => Json(await _keeper.ConsolidateAsync(spaces, ConsolidationOf(args), args.DryRun, cancel), PatternJson.Default.ConsolidationPlan),
            _ => throw new RequestException(RequestCodes.BadRequest, $"there is no request 'patterns.{Text.Shorten(request.Op, 40)}'; there are record, search, list, advise, distill, skills, causes and consolidate"),
        };
    }

    private async Task<SkillPage> SkillsAsync(PatternSpaces spaces, PatternArgs args, CancellationToken cancel)
    {
        var page = args.Task is { } task ? await _skills.FindAsync(spaces, task, args.Kind, args.Limit ?? 10, cancel) : _skills.List(spaces, args.Kind, args.Retired, args.Limit ?? 100);
        return page with { Skills = Shown(page.Skills) };
    }

    private async Task<Distillation> DistillAsync(PatternSpaces spaces, PatternArgs args, CancellationToken cancel)
    {
        var defaults = new DistillOptions();
        var options = new DistillOptions { MinSuccesses = args.MinSuccesses ?? defaults.MinSuccesses, MinLow = args.MinLow ?? defaults.MinLow, MinLikeness = args.MinLikeness ?? defaults.MinLikeness };
        var done = await _skills.DistillAsync(spaces, options, args.DryRun, cancel);
        return done with { Skills = Shown([.. done.Skills.Take(SkillBook.MaxPage)]), Retired = Shown([.. done.Retired.Take(SkillBook.MaxPage)]) };
    }

    private static Skill[] Shown(IReadOnlyList<Skill> skills) =>
        [.. skills.Select(static s => s with { Supporting = [.. s.Supporting.Take(ShownEvidence)], Contradicting = [.. s.Contradicting.Take(ShownEvidence)] })];

    /// <summary>Texts are masked as those of messages are: people paste what a tool printed.</summary>
    private static Episode EpisodeOf(PatternArgs args)
    {
        var outcome = OutcomeOf(args.Outcome) ?? throw new RequestException(RequestCodes.BadRequest, "say how the episode ended: outcome is success or failure");
        return new Episode
        {
            Id = args.Id ?? "",
            Task = Secrets.MaskTokens(args.Task ?? ""),
            Kind = args.Kind,
            Actions = [.. (args.Actions ?? []).Select(Masked)],
            Tags = [.. (args.Tags ?? []).Select(Masked)],
            Effects = [.. (args.Effects ?? []).Select(Masked)],
            Outcome = outcome,
            Reward = args.Reward ?? (outcome == EpisodeOutcome.Success ? 1 : 0),
            Critique = args.Critique is { } critique ? Secrets.MaskTokens(critique) : null,
            Assigned = AssignmentOf(args.Assigned),
            By = new MemoryAuthor(args.Agent, args.ByTask, args.Run),
            AtUnixMs = args.AtUnixMs ?? 0,
        };
    }

    private static string Masked(string? text) => Secrets.MaskTokens(text ?? "");

    private static EpisodeQuery QueryOf(PatternArgs args) => new()
    {
        Task = args.Task, Outcome = OutcomeOf(args.Outcome), Kind = args.Kind, Tags = args.Tags ?? [], MinReward = args.MinReward ?? 0, MinLikeness = args.MinLikeness ?? 0, K = args.Limit ?? 10,
    };

    private static CauseOptions CausesOf(PatternArgs args)
    {
        var defaults = new CauseOptions();
        return new CauseOptions { Kind = args.Kind, Cause = args.Cause, Effect = args.Effect ?? defaults.Effect, MinTries = args.MinTries ?? defaults.MinTries };
    }

    private static ConsolidateOptions ConsolidationOf(PatternArgs args)
    {
        var defaults = new ConsolidateOptions();
        if (args.HalfLifeMs is { } ms && !(ms is >= 1_000 and <= 3.2e12)) throw new RequestException(RequestCodes.BadRequest, $"a half-life of {ms} ms is not possible: give 1 s to 100 years");
        return new ConsolidateOptions
        {
            MinLikeness = args.MinLikeness ?? defaults.MinLikeness, HalfLife = args.HalfLifeMs is { } half ? TimeSpan.FromMilliseconds(half) : defaults.HalfLife,
            MinValue = args.MinValue ?? defaults.MinValue, Keep = args.Keep ?? defaults.Keep,
        };
    }

    private static EpisodeOutcome? OutcomeOf(string? name) => name switch
    {
        null => null,
        "success" => EpisodeOutcome.Success,
        "failure" => EpisodeOutcome.Failure,
        _ => throw new RequestException(RequestCodes.BadRequest, $"'{Text.Shorten(name, 40)}' is no outcome; it is success or failure"),
    };

    private static EpisodeAssignment AssignmentOf(string? name) => name switch
    {
        null or "chosen" => EpisodeAssignment.Chosen,
        "random" => EpisodeAssignment.Random,
        _ => throw new RequestException(RequestCodes.BadRequest, $"'{Text.Shorten(name, 40)}' is no way to assign actions; it is chosen or random"),
    };

    private static JsonElement Json<T>(T message, JsonTypeInfo<T> type) => JsonSerializer.SerializeToElement(message, type);
}
