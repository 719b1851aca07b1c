using Skep.Memory.Patterns.Skills;

namespace Skep.Memory.Patterns;

/// <summary>What became of an episode that was to be recorded.</summary>
/// <param name="Path">Its entry.</param>
/// <param name="Id">Its id.</param>
/// <param name="IsNew">Whether it is there now and was not before; a second delivery of the same changes nothing.</param>
public sealed record RecordedEpisode(string Path, string Id, bool IsNew);

/// <summary>An episode that was found.</summary>
/// <param name="Episode">The episode.</param>
/// <param name="Likeness">How like its task is to the one that was asked about; null when none was.</param>
public sealed record FoundEpisode(Episode Episode, double? Likeness);

/// <summary>Episodes that were found, best first.</summary>
/// <param name="Episodes">The episodes.</param>
/// <param name="Notes">What was left out, and why; empty as a rule.</param>
public sealed record FoundEpisodes(IReadOnlyList<FoundEpisode> Episodes, IReadOnlyList<string> Notes);

/// <summary>Some episodes in the order of their ids.</summary>
/// <param name="Episodes">The episodes.</param>
/// <param name="Next">Where to go on: pass it as <c>after</c>; null at the end.</param>
/// <param name="Notes">Entries that are no episodes.</param>
public sealed record EpisodePage(IReadOnlyList<Episode> Episodes, string? Next, IReadOnlyList<string> Notes);

/// <summary>Some skills, best supported first.</summary>
/// <param name="Skills">The skills.</param>
/// <param name="Notes">What was left out, and why.</param>
public sealed record SkillPage(IReadOnlyList<Skill> Skills, IReadOnlyList<string> Notes);

/// <summary>What a distillation found.</summary>
/// <param name="Skills">The living skills, best supported first.</param>
/// <param name="New">How many of them were not living before.</param>
/// <param name="Retired">Those that were retired by it.</param>
/// <param name="Written">How many entries were written; 0 when nothing was new.</param>
/// <param name="Episodes">How many tries it looked at.</param>
/// <param name="Notes">What was left out, and why.</param>
public sealed record Distillation(IReadOnlyList<Skill> Skills, int New, IReadOnlyList<Skill> Retired, int Written, long Episodes, IReadOnlyList<string> Notes);
