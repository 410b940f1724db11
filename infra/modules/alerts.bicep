// What a person has to know even where Slipway's own mails do not arrive. Each release alerts by itself.

param location string
param tags object
param componentId string

@description('Who is told; empty: alerts are raised and shown, and nobody gets a mail.')
param emails string[]

resource people 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: 'slipway-on-call'
  location: 'global'
  tags: tags
  properties: {
    enabled: true
    groupShortName: 'slipway'
    emailReceivers: [
      for (address, i) in emails: { name: 'mail-${i}', emailAddress: address, useCommonAlertSchema: true }
    ]
  }
}

// An event is a log record with this event name, or a custom event of this name. The host keeps the name and the message of what a worker
// logs, but not always its dimensions, so that the release is read from the message where it is nowhere else.
var events = '''
union isfuzzy=true
  (traces | project timestamp, message, customDimensions, name = tostring(customDimensions.EventName)),
  (customEvents | project timestamp, message = '', customDimensions, name)
| where name == 'EVENT'
| extend release = coalesce(tostring(customDimensions.Release), tostring(customDimensions.release), tostring(customDimensions.prop__Release), extract(@'^([a-z0-9.-]+):', 1, message))
| extend stage = coalesce(tostring(customDimensions.Stage), tostring(customDimensions.stage), tostring(customDimensions.prop__Stage))
| extend why = coalesce(tostring(customDimensions.Why), tostring(customDimensions.why), tostring(customDimensions.prop__Why), message)
| project timestamp, release, stage, why
'''

var alerts = [
  {
    name: 'slipway-rollback-failed'
    display: 'Slipway: a rollback failed'
    text: 'A release could not be brought back: users may still be on the new version. The report says what is left to do by hand; what a flag still exposes ends when it is turned off in App Configuration (az appconfig feature disable).'
    severity: 0
    event: 'slipway.rollback.failed'
  }
  {
    name: 'slipway-release-stalled'
    display: 'Slipway: a release stands still'
    text: 'A release is not over and nothing takes care of it. Slipway takes it back by itself when users are exposed; see why its orchestration stopped.'
    severity: 1
    event: 'slipway.release.stalled'
  }
  {
    name: 'slipway-telemetry-dead'
    display: 'Slipway: no telemetry of a release'
    text: 'Neither version reports, or the exposure is not the one that was set. Nothing is promoted; the release is held and then rolled back.'
    severity: 1
    event: 'slipway.telemetry.dead'
  }
  {
    name: 'slipway-policy-degraded'
    display: 'Slipway: the server policy cannot be used'
    text: 'The last good server policy is in force, or none is known and nothing starts; releases under way go on. /health says since when, and the reason is in the log.'
    severity: 2
    event: 'slipway.policy.degraded'
  }
]

resource eventAlert 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for alert in alerts: {
    name: alert.name
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: alert.display
      description: alert.text
      severity: alert.severity
      enabled: true
      scopes: [componentId]
      evaluationFrequency: 'PT5M'
      // Longer than the frequency: logs arrive late.
      windowSize: 'PT10M'
      criteria: {
        allOf: [
          {
            query: replace(events, 'EVENT', alert.event)
            timeAggregation: 'Count'
            operator: 'GreaterThan'
            threshold: 0
            // Not by reason as well: a reason with a number in it would be a new alert each time.
            dimensions: [{ name: 'release', operator: 'Include', values: ['*'] }]
            failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
          }
        ]
      }
      autoMitigate: true
      // The tables are not there before the app has written for the first time.
      skipQueryValidation: true
      actions: { actionGroups: [people.id] }
    }
  }
]

// Whatever the reason: without a sweep each minute lost signals are not repaired and nobody looks after a dead orchestration.
resource sweepAlert 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = {
  name: 'slipway-no-sweep'
  location: location
  tags: tags
  kind: 'LogAlert'
  properties: {
    displayName: 'Slipway: it does not run'
    description: 'No sweep has succeeded for 15 minutes: the app does not start, has no settings that it can use, or its own telemetry is lost.'
    severity: 1
    enabled: true
    scopes: [componentId]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT15M'
    criteria: {
      allOf: [
        {
          query: 'requests | where name == \'sweep\' and success == true'
          timeAggregation: 'Count'
          operator: 'LessThan'
          threshold: 1
          failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
        }
      ]
    }
    autoMitigate: true
    skipQueryValidation: true
    actions: { actionGroups: [people.id] }
  }
}
