using System.Text;
using Microsoft.AspNetCore.Http;

namespace Slipway.Azure.Tests.Loopback;

/// <summary>Answers that a fake service gives before it works, one for each request.</summary>
internal sealed class ScriptedAnswers
{
    private readonly Queue<(int Status, string Body, (string Name, string Value)[] Headers)> _answers = [];

    /// <summary>How many are left.</summary>
    public int Left
    {
        get
        {
            lock (_answers) return _answers.Count;
        }
    }

    public void Add(int status, string body = "", params (string Name, string Value)[] headers)
    {
        lock (_answers) _answers.Enqueue((status, body, headers));
    }

    /// <summary>Gives the next one; false when there is none.</summary>
    public async Task<bool> TryAnswerAsync(HttpContext context)
    {
        (int Status, string Body, (string Name, string Value)[] Headers) answer;
        lock (_answers)
        {
            if (!_answers.TryDequeue(out answer)) return false;
        }

        if (answer.Status == 0)
        {
            context.Abort();
            return true;
        }

        context.Response.StatusCode = answer.Status;
        foreach (var (name, value) in answer.Headers) context.Response.Headers[name] = value;
        if (answer.Body.Length > 0)
        {
            context.Response.ContentType = "application/json";
            await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(answer.Body));
        }

        return true;
    }
}
