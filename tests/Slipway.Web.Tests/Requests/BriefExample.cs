namespace Slipway.Web.Tests.Requests;

/// <summary>A brief.</summary>
internal static class BriefExample
{
    /// <summary>The example of the first seed, as it stands there.</summary>
    public const string Text = """
        # PERSONA
        You are a Senior Engineer …

        # TASK
        Plan a safe rollout for the new search indexing pipeline.

        # CONTEXT
        • Traffic: 1k RPS peak  
        • Infra: GKE on GCP  
        • Risk tolerance: max 5% users on canary for 1 hour  

        # FORMAT
        <as specified above>
        """;
}
