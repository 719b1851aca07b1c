using Skep.Models.Limits;

namespace Skep.Models.Tests.Limits;

public class PaceTests
{
    private static TimeSpan Min(double minutes) => TimeSpan.FromMinutes(minutes);

    private static TimeSpan Serve(Pace pace, TimeSpan now, TimeSpan until, int? limit = null)
    {
        while (now < until && pace.Rate is not null)
        {
            now += pace.Spacing;
            pace.LetIn(limit, now);
        }

        return now;
    }

    [Fact]
    public void Until_the_first_refusal_there_is_none()
    {
        var pace = new Pace();
        pace.LetIn(10, Min(1));
        Assert.Null(pace.Rate);
        Assert.Equal(TimeSpan.Zero, pace.Spacing);
    }

    [Fact]
    public void A_refusal_halves_what_was_let_in_and_later_refusals_of_the_same_burst_correct_that()
    {
        var pace = new Pace();
        pace.Refused(49, Min(0));
        Assert.Equal(24.5, pace.Rate);
        for (var i = 0; i < 39; i++) pace.AlsoRefused(Min(0));
        Assert.Equal(5, pace.Rate);
        Assert.Equal(TimeSpan.FromSeconds(12), pace.Spacing);
    }

    [Fact]
    public void It_rises_to_nine_tenths_of_what_was_refused_and_waits_there()
    {
        var pace = new Pace();
        pace.Refused(10, Min(0));
        Serve(pace, Min(0), Min(9.8));
        Assert.Equal(9, pace.Rate);
    }

    [Fact]
    public void Refused_above_what_is_proven_it_falls_back_to_that_and_is_patient_for_longer()
    {
        var pace = new Pace();
        pace.Refused(10, Min(0));
        var now = Serve(pace, Min(0), Min(11.5));
        Assert.True(pace.Rate > 9);
        pace.Refused(10, now);
        Assert.Equal(9, pace.Rate);
        var later = Serve(pace, now, now + Min(19));
        Assert.Equal(9, pace.Rate);
        Serve(pace, later, now + Min(22));
        Assert.True(pace.Rate > 9);
    }

    [Fact]
    public void Refused_at_what_was_proven_it_halves_again_but_never_stops()
    {
        var pace = new Pace();
        pace.Refused(8, Min(0));
        for (var i = 1; i < 10; i++) pace.Refused(0, Min(i));
        Assert.Equal(1, pace.Rate);
    }

    [Fact]
    public void At_the_known_limit_it_ends()
    {
        var pace = new Pace();
        pace.Refused(60, Min(0));
        Serve(pace, Min(0), Min(30), limit: 60);
        Assert.Null(pace.Rate);
    }

    [Fact]
    public void A_refusal_with_hardly_any_requests_of_ours_teaches_nothing()
    {
        var pace = new Pace();
        pace.Refused(2, Min(0));
        Assert.Null(pace.Rate);
    }

    [Fact]
    public void When_others_used_up_the_minute_there_is_no_ceiling()
    {
        var pace = new Pace();
        pace.Refused(5, Min(0));
        for (var i = 0; i < 4; i++) pace.AlsoRefused(Min(0));
        Assert.Equal(1, pace.Rate);
        Serve(pace, Min(0), Min(9));
        Assert.True(pace.Rate > 5, $"{pace.Rate}");
    }
}
