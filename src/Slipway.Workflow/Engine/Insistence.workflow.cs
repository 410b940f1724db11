namespace Slipway.Workflow.Engine;

/// <summary>How orchestrators that nobody commands wait for activities: with a time limit, and as often as it takes.</summary>
internal static class Insistence
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    /// <summary>As often as it takes.</summary>
    public static async Task<T> Insist<T>(this IWorkflowContext context, Func<Task<T>> act)
        where T : class
    {
        for (var round = 0; ; round++)
        {
            var (value, _) = await context.Attempt(act(), Timeout);
            if (value is not null) return value;
            await context.SleepUntil(context.Now + Backoff(round));
        }
    }

    /// <summary>As often as it takes, but not longer than until a moment; null: there was no value by then.</summary>
    public static async Task<T?> InsistUntil<T>(this IWorkflowContext context, Func<Task<T>> act, DateTimeOffset moment)
        where T : class
    {
        for (var round = 0; ; round++)
        {
            var left = moment - context.Now;
            var (value, _) = await context.Attempt(act(), left < Timeout ? left : Timeout);
            var next = context.Now + Backoff(round);
            if (value is not null || next >= moment) return value;
            await context.SleepUntil(next);
        }
    }

    /// <summary>Waits for an activity, but not longer than the timeout; a failure is a value.</summary>
    public static async Task<(T? Value, string Problem)> Attempt<T>(this IWorkflowContext context, Task<T> activity, TimeSpan timeout)
        where T : class
    {
        using var cancel = new CancellationTokenSource();
        var timer = context.SleepUntil(context.Now + timeout, cancel.Token);
        if (await Task.WhenAny(activity, timer) == timer && !activity.IsCompleted) return (null, $"no answer within {timeout.TotalSeconds:0} s");
        cancel.Cancel();
        try
        {
            return (await activity, "");
        }
        catch (ActivityFailedException error)
        {
            return (null, error.ErrorMessage);
        }
    }

    /// <summary>1, 2, 4 … up to 30 seconds.</summary>
    public static TimeSpan Backoff(int round) => TimeSpan.FromSeconds(Math.Min(30, Math.Pow(2, Math.Min(round, 5))));
}
