using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Workflow.Activities;
using Slipway.Workflow.Flags;
using Slipway.Workflow.Tests.Fakes;

namespace Slipway.Workflow.Tests.Activities;

public sealed class RestoreFlagTests
{
    private const string Name = "search-v2";
    private static readonly FlagSpec Flag = new() { Name = Name, KillSwitch = true };

    private readonly FakeFlagStore _store = new();
    private readonly TestTime _time = new();
    private readonly FlagState _captured;

    public RestoreFlagTests() => _captured = _store.Create(Name);

    private Task<FlagOutput> Restore(FlagState? left = null, decimal? pending = null) => new RestoreFlag(_store).RunAsync(
        new RestoreFlagInput(Flag, _captured, left ?? _captured, pending is { } value ? new Percentage(value) : null), TestContext.Current.CancellationToken);

    private Task<FlagOutput> Expose(decimal percentage, FlagState expected) =>
        new ExposeFlag(_store, _time).RunAsync(new ExposeInput(Flag, new Percentage(percentage), expected), TestContext.Current.CancellationToken);

    [Fact]
    public async Task A_flag_that_is_as_captured_is_left_as_it_is()
    {
        var output = await Restore();

        Assert.Equal((EffectOutcome.AlreadyDone, false, _captured), (output.Outcome, output.Drifted, output.Flag));
        Assert.Empty(_store.Writes);
    }

    [Fact]
    public async Task A_flag_that_Slipway_left_comes_back_to_exactly_its_captured_JSON()
    {
        var left = (await Expose(25, _captured)).Flag!;

        var output = await Restore(left);

        Assert.Equal((EffectOutcome.Done, false), (output.Outcome, output.Drifted));
        Assert.Equal(_captured.Json, _store[Name].Json);
        Assert.Equal(_store[Name], output.Flag);
        Assert.Equal("search-v2 read back as captured: 0 %", output.Details);
    }

    [Fact]
    public async Task A_flag_that_was_only_saved_by_somebody_is_still_as_Slipway_left_it()
    {
        var left = (await Expose(25, _captured)).Flag!;
        _store.Save(Name);

        var output = await Restore(left);

        Assert.Equal((EffectOutcome.Done, false, _captured.Json), (output.Outcome, output.Drifted, _store[Name].Json));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task An_answer_of_the_past_is_not_taken_for_a_flag_that_is_back(int answers)
    {
        var left = (await Expose(25, _captured)).Flag!;
        for (var i = 0; i < answers; i++) _store.Past.Enqueue(_captured);

        var output = await Restore(left);

        Assert.Equal((EffectOutcome.Done, false), (output.Outcome, output.Drifted));
        Assert.Equal(_captured.Json, _store[Name].Json);
        Assert.NotEqual(_captured.ETag, _store[Name].ETag);
        Assert.Equal(_store[Name], output.Flag);
    }

    [Fact]
    public async Task What_Slipway_wrote_is_its_own_although_something_else_was_read_since()
    {
        var wrote = (await Expose(0, _captured)).Flag!;
        Assert.NotEqual(_captured.Json, wrote.Json);
        var read = _captured with { ETag = "before the proof" };

        var output = await new RestoreFlag(_store).RunAsync(new RestoreFlagInput(Flag, _captured, read, null) { Wrote = wrote }, TestContext.Current.CancellationToken);

        Assert.Equal((EffectOutcome.Done, false), (output.Outcome, output.Drifted));
        Assert.Equal(_captured.Json, _store[Name].Json);
    }

    [Fact]
    public async Task Answers_of_the_past_that_do_not_end_keep_no_flag_from_coming_back()
    {
        var left = (await Expose(25, _captured)).Flag!;
        _store.Save(Name);
        for (var i = 0; i < 8; i++) _store.Past.Enqueue(_captured);

        // What a refused write says of the flag is of the present.
        Assert.Equal(EffectOutcome.Done, (await Restore(left)).Outcome);
        Assert.Equal(_captured.Json, _store[Name].Json);
    }

    [Fact]
    public async Task An_earlier_stage_that_is_read_late_is_not_taken_for_a_flag_that_somebody_turned_off()
    {
        var shadow = (await Expose(0, _captured)).Flag!;
        var left = (await Expose(10, shadow)).Flag!;
        Assert.False(shadow.Enabled);
        Assert.NotEqual(_captured.Json, shadow.Json);
        _store.Past.Enqueue(shadow);

        var output = await Restore(left);

        Assert.Equal((EffectOutcome.Done, false), (output.Outcome, output.Drifted));
        Assert.Equal(_captured.Json, _store[Name].Json);
    }

    [Fact]
    public async Task A_write_that_landed_although_its_answer_was_lost_is_Slipways_own()
    {
        _store.AfterWrite = () => throw FakeFlagStore.Unavailable();
        await Expose(5, _captured);
        _store.AfterWrite = () => { };

        var output = await Restore(left: _captured, pending: 5);

        Assert.Equal((EffectOutcome.Done, false, _captured.Json), (output.Outcome, output.Drifted, _store[Name].Json));
    }

    [Fact]
    public async Task A_flag_that_somebody_else_changed_is_turned_off_and_not_overwritten()
    {
        var left = (await Expose(25, _captured)).Flag!;
        var theirs = _store.Put(Name, left.Json.Replace("\"description\":\"\"", "\"description\":\"by hand\"", StringComparison.Ordinal));
        Assert.NotEqual(left.Json, theirs.Json);

        var output = await Restore(left);

        Assert.Equal((EffectOutcome.Done, true), (output.Outcome, output.Drifted));
        Assert.Equal((false, 0m), (_store[Name].Enabled, _store[Name].Exposure.Value));
        Assert.Contains("by hand", _store[Name].Json, StringComparison.Ordinal);
        Assert.Equal("search-v2 was changed by someone else and was turned off", output.Details);
    }

    [Fact]
    public async Task A_flag_that_somebody_else_turned_off_stays_as_they_left_it()
    {
        var left = (await Expose(25, _captured)).Flag!;
        var theirs = _store.Touch(Name, 0);

        var output = await Restore(left);

        Assert.Equal((EffectOutcome.AlreadyDone, true, theirs.Json), (output.Outcome, output.Drifted, output.Flag!.Json));
        Assert.Equal(theirs.Json, _store[Name].Json);
    }

    [Fact]
    public async Task A_deleted_flag_is_off()
    {
        var left = (await Expose(25, _captured)).Flag!;
        _store.Delete(Name);

        var output = await Restore(left);

        Assert.Equal((EffectOutcome.AlreadyDone, true, null), (output.Outcome, output.Drifted, output.Flag));
    }

    [Fact]
    public async Task A_flag_that_is_deleted_while_it_is_restored_is_off()
    {
        var left = (await Expose(25, _captured)).Flag!;
        _store.AfterWrite = () => _store.Delete(Name);

        var output = await Restore(left);

        Assert.Equal((EffectOutcome.Done, true, null), (output.Outcome, output.Drifted, output.Flag));
    }

    [Fact]
    public async Task A_change_between_read_and_write_is_seen_and_decided_anew()
    {
        var left = (await Expose(25, _captured)).Flag!;
        Once("restore", () => _store.Touch(Name, 80));

        var output = await Restore(left);

        Assert.Equal((EffectOutcome.Done, true), (output.Outcome, output.Drifted));
        Assert.Equal((false, 0m), (_store[Name].Enabled, _store[Name].Exposure.Value));
    }

    [Fact]
    public async Task Somebody_who_brings_the_flag_back_meanwhile_is_as_good()
    {
        var left = (await Expose(25, _captured)).Flag!;
        Once("restore", () => _store.Put(Name, _captured.Json));

        var output = await Restore(left);

        Assert.Equal((EffectOutcome.Done, false, _captured.Json), (output.Outcome, output.Drifted, _store[Name].Json));
    }

    [Fact]
    public async Task A_flag_that_does_not_stay_as_written_is_written_again()
    {
        var left = (await Expose(25, _captured)).Flag!;
        _store.AfterWrite = () =>
        {
            _store.AfterWrite = () => { };
            _store.Touch(Name, 50);
        };

        var output = await Restore(left);

        Assert.Equal((EffectOutcome.Done, true, false), (output.Outcome, output.Drifted, _store[Name].Enabled));
    }

    [Fact]
    public async Task A_race_that_does_not_end_is_given_back_to_the_caller()
    {
        var left = (await Expose(25, _captured)).Flag!;
        var writes = _store.Writes.Count;
        _store.Before = call =>
        {
            if (call != "read") _store.Touch(Name, 30 + _store.Reads);
        };

        var output = await Restore(left);

        Assert.Equal((EffectOutcome.Conflict, null), (output.Outcome, output.Flag));
        Assert.Equal(writes, _store.Writes.Count);
        Assert.Contains("4 times", output.Details, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_that_is_away_is_an_answer()
    {
        _store.Away = true;

        var output = await Restore();

        Assert.Equal((EffectOutcome.Failed, null, "flag store: no answer"), (output.Outcome, output.Flag, output.Details));
    }

    [Fact]
    public async Task Running_it_twice_changes_nothing_the_second_time()
    {
        var left = (await Expose(25, _captured)).Flag!;
        var first = (await Restore(left)).Flag!;
        var second = await Restore(left);

        // What was written once shows that a flag is back only when it is written once more.
        Assert.Equal((EffectOutcome.Done, first.Json), (second.Outcome, second.Flag!.Json));
        Assert.Equal(second.Flag, _store[Name]);
    }

    [Fact]
    public async Task A_flag_that_somebody_turned_off_and_broke_is_left_as_it_is()
    {
        var left = (await Expose(25, _captured)).Flag!;
        var theirs = _store.Put(Name, """{"id":"search-v2","enabled":false,"conditions":{"client_filters":7}}""");
        Assert.False(theirs.Enabled);
        Assert.False(FlagJson.IsUnderstood(theirs));

        var output = await Restore(left);

        Assert.Equal((EffectOutcome.AlreadyDone, true, theirs), (output.Outcome, output.Drifted, _store[Name]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task What_was_captured_and_saved_once_more_is_not_taken_for_a_flag_that_is_back_when_it_is_read_late(int answers)
    {
        var saved = _store.Save(Name);
        Assert.Equal(_captured.Json, saved.Json);
        var left = (await Expose(25, saved)).Flag!;
        for (var i = 0; i < answers; i++) _store.Past.Enqueue(saved);

        var output = await Restore(left);

        Assert.Equal((EffectOutcome.Done, false), (output.Outcome, output.Drifted));
        Assert.Equal(_captured.Json, _store[Name].Json);
        Assert.Equal(_store[Name], output.Flag);
    }

    [Fact]
    public async Task A_late_forward_write_loses_after_a_later_stage_was_restored()
    {
        var left = (await Expose(5, _captured)).Flag!;
        await Restore(left, pending: 25);

        var late = await Expose(25, left);

        Assert.Equal((EffectOutcome.Conflict, _captured.Json), (late.Outcome, _store[Name].Json));
    }

    [Fact]
    public async Task A_late_forward_write_of_the_first_stage_loses_although_nothing_had_to_be_restored()
    {
        await Restore(left: _captured, pending: 5);

        var late = await Expose(5, _captured);

        Assert.Equal((EffectOutcome.Conflict, false), (late.Outcome, _store[Name].Enabled));
        Assert.Equal(_captured.Json, _store[Name].Json);
    }

    [Fact]
    public async Task A_late_forward_write_loses_also_when_a_second_attempt_had_landed_before_the_rollback()
    {
        var left = (await Expose(5, _captured)).Flag!;
        await Restore(left);

        var late = await Expose(5, _captured);

        Assert.Equal((EffectOutcome.Conflict, _captured.Json), (late.Outcome, _store[Name].Json));
    }

    private void Once(string call, Action action) => _store.Before = now =>
    {
        if (now != call) return;
        _store.Before = _ => { };
        action();
    };
}
