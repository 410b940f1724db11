namespace Slipway.Core.Documents;

/// <summary>The names of the documents, as addresses and commands have them; a file's name adds the ending.</summary>
public static class DocumentNames
{
    /// <summary>The table of phases with the condensed way back.</summary>
    public const string PhasedPlan = "phased-plan";

    /// <summary>The questions that the request leaves open.</summary>
    public const string ClarifyingQuestions = "clarifying-questions";

    /// <summary>Six items with their evidence.</summary>
    public const string SafetyChecklist = "safety-checklist";

    /// <summary>The runbook in ten sections.</summary>
    public const string RolloutPlan = "rollout-plan";

    /// <summary>How the system is built, delivered and kept.</summary>
    public const string ReleaseDeploymentPlan = "release-deployment-plan";

    /// <summary>The three levels back.</summary>
    public const string RollbackStrategy = "rollback-strategy";

    /// <summary>The five stages.</summary>
    public const string DeploymentStrategy = "deployment-strategy";

    /// <summary>What was rehearsed of the way back, and how small a regression each stage can see.</summary>
    public const string Rehearsal = "rehearsal";

    /// <summary>The reasoning behind the plans; never part of one.</summary>
    public const string PlanningNotes = "planning-notes";

    /// <summary>What is deployed, for the ticket.</summary>
    public const string DeploymentManifest = "deployment-manifest";

    /// <summary>The version's section of the changelog.</summary>
    public const string Changelog = "changelog";

    /// <summary>Everything that happened, in order.</summary>
    public const string DeploymentLog = "deployment-log";

    /// <summary>What went wrong, after a rollback.</summary>
    public const string IncidentReport = "incident-report";
}
