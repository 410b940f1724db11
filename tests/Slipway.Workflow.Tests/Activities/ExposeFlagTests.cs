using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Workflow.Activities;
using Slipway.Workflow.Tests.Fakes;

namespace Slipway.Workflow.Tests.Activities;

public sealed class ExposeFlagTests
{
    private const string Name = "search-v2";
    private static readonly FlagSpec Flag = new() { Name = Name, KillSwitch = true };

    private readonly FakeFlagStore _store = new();
    private readonly TestTime _time = new();
    private readonly FlagState _off;

    public ExposeFlagTests() => _off = _store.Create(Name);

    private Task<FlagOutput> Expose(decimal percentage = 5, FlagState? expected = null) =>
        new ExposeFlag(_store, _time).RunAsync(new ExposeInput(Flag, new Percentage(percentage), expected ?? _off), TestContext.Current.CancellationToken);

    [Fact]
    public async Task A_flag_that_is_as_expected_is_written_and_read_back()
    {
        var output = await Expose();

        Assert.Equal((EffectOutcome.Done, false), (output.Outcome, output.Drifted));
        Assert.Equal(_store[Name], output.Flag);
        Assert.Equal((true, 5m), (_store[Name].Enabled, _store[Name].Exposure.Value));
        Assert.Equal("search-v2 read back at 5 %", output.Details);
    }

    [Fact]
    public async Task A_write_whose_answer_was_lost_is_found_and_not_done_again()
    {
        _store.AfterWrite = () => throw FakeFlagStore.Unavailable();
        Assert.Equal(EffectOutcome.Failed, (await Expose()).Outcome);
        _store.AfterWrite = () => { };

        var again = await Expose();

        Assert.Equal((EffectOutcome.AlreadyDone, _store[Name]), (again.Outcome, again.Flag));
        Assert.Single(_store.Writes);
    }

    [Theory]
    [InlineData(40)]
    [InlineData(0)]
    public async Task A_flag_that_somebody_else_moved_is_left_alone(decimal theirs)
    {
        var left = _store.Touch(Name, 10);
        var moved = _store.Touch(Name, theirs);

        var output = await Expose(25, left);

        Assert.Equal((EffectOutcome.Conflict, true, moved), (output.Outcome, output.Drifted, output.Flag));
        Assert.Equal($"search-v2 was changed by someone else: expected 10 %, found {theirs} %", output.Details);
        Assert.Empty(_store.Writes);
    }

    [Fact]
    public async Task A_flag_that_was_saved_without_a_change_is_given_back_to_the_caller_as_no_drift()
    {
        var saved = _store.Save(Name);

        var output = await Expose();

        Assert.Equal((EffectOutcome.Conflict, false, saved), (output.Outcome, output.Drifted, output.Flag));
        Assert.Empty(_store.Writes);
        Assert.Equal(EffectOutcome.Done, (await Expose(expected: saved)).Outcome);
    }

    [Fact]
    public async Task A_deleted_flag_is_not_made_anew()
    {
        _store.Delete(Name);

        var output = await Expose();

        Assert.Equal((EffectOutcome.Conflict, true, null), (output.Outcome, output.Drifted, output.Flag));
        Assert.Equal("search-v2 no longer exists", output.Details);
        Assert.Empty(_store.Writes);
    }

    [Fact]
    public async Task A_write_that_reads_back_otherwise_is_not_done()
    {
        _store.AfterWrite = () => _store.Touch(Name, 2);

        var output = await Expose();

        Assert.Equal((EffectOutcome.Failed, 2m), (output.Outcome, output.Flag!.Exposure.Value));
        Assert.Equal("search-v2 was written but reads back 2 %, expected 5 %", output.Details);
    }

    [Fact]
    public async Task A_write_that_reads_back_what_was_there_before_is_not_done_also_at_the_same_exposure()
    {
        _store.Past.Enqueue(_store[Name]);
        var input = new ExposeInput(new FlagSpec { Name = Name, KillSwitch = true }, Percentage.Zero, _store[Name]);

        var output = await new ExposeFlag(_store, _time).RunAsync(input, TestContext.Current.CancellationToken);

        Assert.Equal((EffectOutcome.Failed, "search-v2 was written but reads back 0 % with other rules, expected 0 %"), (output.Outcome, output.Details));

        // The next attempt finds what the first one wrote.
        output = await new ExposeFlag(_store, _time).RunAsync(input, TestContext.Current.CancellationToken);
        Assert.Equal((EffectOutcome.AlreadyDone, _store[Name]), (output.Outcome, output.Flag));
    }

    [Fact]
    public async Task A_refused_write_that_says_what_was_there_before_is_not_done_at_the_same_exposure()
    {
        var before = _store[Name];
        _store.Refuses = before;
        var input = new ExposeInput(new FlagSpec { Name = Name, KillSwitch = true }, Percentage.Zero, before);

        var output = await new ExposeFlag(_store, _time).RunAsync(input, TestContext.Current.CancellationToken);

        Assert.Equal((EffectOutcome.Conflict, false), (output.Outcome, output.Drifted));
    }

    /// <summary>A host that died before the write, and came back when what had allowed it was long past.</summary>
    [Fact]
    public async Task A_write_that_is_begun_too_late_is_left_undone()
    {
        var input = new ExposeInput(Flag, new Percentage(5), _off) { NotAfter = _time.Now };
        _time.Now += TimeSpan.FromSeconds(1);

        var output = await new ExposeFlag(_store, _time).RunAsync(input, TestContext.Current.CancellationToken);

        Assert.Equal((EffectOutcome.Failed, null, false), (output.Outcome, output.Flag, output.Drifted));
        Assert.Equal("search-v2 was to be written by 09:00:00Z and was not: what allowed it is looked at again", output.Details);
        Assert.Empty(_store.Writes);
    }

    [Fact]
    public async Task A_write_that_had_landed_before_its_host_died_is_found_although_it_is_late()
    {
        var input = new ExposeInput(Flag, new Percentage(5), _off) { NotAfter = _time.Now };
        Assert.Equal(EffectOutcome.Done, (await new ExposeFlag(_store, _time).RunAsync(input, TestContext.Current.CancellationToken)).Outcome);
        _time.Now += TimeSpan.FromMinutes(9);

        var output = await new ExposeFlag(_store, _time).RunAsync(input, TestContext.Current.CancellationToken);

        Assert.Equal((EffectOutcome.AlreadyDone, _store[Name]), (output.Outcome, output.Flag));
        Assert.Single(_store.Writes);
    }

    [Fact]
    public async Task A_write_that_reads_back_nothing_is_not_done()
    {
        _store.AfterWrite = () => _store.Delete(Name);

        var output = await Expose();

        Assert.Equal((EffectOutcome.Failed, null), (output.Outcome, output.Flag));
        Assert.Equal("search-v2 was written but reads back nothing, expected 5 %", output.Details);
    }

    [Fact]
    public async Task A_store_that_is_away_is_an_answer()
    {
        _store.Away = true;

        var output = await Expose();

        Assert.Equal((EffectOutcome.Failed, null, false), (output.Outcome, output.Flag, output.Drifted));
        Assert.Equal("flag store: no answer", output.Details);
        Assert.Empty(_store.Writes);
    }
}
