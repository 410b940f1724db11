using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Workflow.Activities;
using Slipway.Workflow.Tests.Fakes;

namespace Slipway.Workflow.Tests.Activities;

public sealed class StateActivityTests
{
    private const string Key = "search:index:mode";

    private readonly FakeFlagStore _flags = new();
    private readonly FakeConfiguration _keys = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private Task<CaptureOutput> Capture(params FlagKey[] flags) =>
        new CaptureState(_flags, _keys).RunAsync(new CaptureInput(flags, [Key]), Stop);

    private Task<EffectOutput> Restore(string? value, string etag = "old") => new RestoreKey(_keys).RunAsync(new RestoreKeyInput(new ConfigurationValue(Key, value, etag)), Stop);

    [Fact]
    public async Task Capture_reads_every_flag_and_key()
    {
        var (one, two) = (_flags.Create("one"), _flags.Create("two"));
        _keys.Set(Key, "nightly");

        var output = await Capture("two", "one");

        Assert.Equal("", output.Problem);
        Assert.Equal([two, one], output.Flags);
        Assert.Equal("nightly", Assert.Single(output.Keys).Value);
    }

    [Fact]
    public async Task Capture_of_a_flag_that_is_missing_on_or_unreadable_captures_nothing()
    {
        _flags.Create("one");
        Assert.Equal("flag two does not exist", Nothing(await Capture("one", "two")));

        _flags.Create("two");
        _flags.Touch("two", 10);
        Assert.Equal("flag two is already at 10 %, expected off", Nothing(await Capture("one", "two")));

        _flags.Away = true;
        Assert.Equal("flag store: no answer", Nothing(await Capture("one")));
    }

    private static string Nothing(CaptureOutput output)
    {
        Assert.Empty(output.Flags);
        Assert.Empty(output.Keys);
        return output.Problem;
    }

    [Theory]
    [InlineData("nightly", "streaming")]
    [InlineData("nightly", null)]
    [InlineData(null, "streaming")]
    public async Task A_key_comes_back_to_its_captured_value(string? captured, string? now)
    {
        _keys.Set(Key, now);

        var output = await Restore(captured);

        Assert.Equal((EffectOutcome.Done, captured), (output.Outcome, _keys[Key]));
        Assert.Equal(EffectOutcome.AlreadyDone, (await Restore(captured)).Outcome);

        // Once more also where it is back already: that the write wins shows that the read was not of the past.
        Assert.Equal(captured is null ? 1 : 2, _keys.Writes);
    }

    [Fact]
    public async Task An_answer_of_the_past_is_not_taken_for_a_key_that_is_back()
    {
        _keys.Set(Key, "nightly");
        var captured = await _keys.ReadAsync(Key, Stop);
        Assert.Equal((EffectOutcome.AlreadyDone, 1), ((await Restore("nightly", captured.ETag!)).Outcome, _keys.Writes));
        captured = await _keys.ReadAsync(Key, Stop);
        _keys.Past = captured;
        _keys.Set(Key, "streaming");

        Assert.Equal((EffectOutcome.Conflict, "streaming"), ((await Restore("nightly", captured.ETag!)).Outcome, _keys[Key]));

        _keys.Past = null;
        Assert.Equal((EffectOutcome.Done, "nightly"), ((await Restore("nightly", captured.ETag!)).Outcome, _keys[Key]));
    }

    [Fact]
    public async Task A_key_that_somebody_changes_meanwhile_is_not_overwritten()
    {
        _keys.Set(Key, "streaming");
        _keys.BeforeWrite = () => _keys.Set(Key, "theirs");

        Assert.Equal((EffectOutcome.Conflict, "theirs"), ((await Restore("nightly")).Outcome, _keys[Key]));
    }

    [Fact]
    public async Task A_key_that_reads_back_otherwise_is_not_done()
    {
        _keys.Set(Key, "streaming");
        _keys.AfterWrite = () => _keys.Set(Key, "theirs");

        Assert.Equal(EffectOutcome.Failed, (await Restore("nightly")).Outcome);
    }

    [Fact]
    public async Task A_configuration_store_that_is_away_is_an_answer()
    {
        _keys.Away = true;

        var output = await Restore("nightly");

        Assert.Equal(new EffectOutput(EffectOutcome.Failed, "configuration: no answer"), output);
    }
}
