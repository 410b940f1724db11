// Takes approval links out of what the platform itself logs of requests: the link is a credential, and the token stands in its path. Slipway's own log
// never has one, but the Functions host writes whole addresses. From the first link on a text is cut, since nothing behind it is worth a credential.
//
// Only what transformations may use stands here, which infra/check compares with the documented list: https://learn.microsoft.com/azure/azure-monitor/data-collection/data-collection-transformations-kql

param name string
param location string
param tags object
param workspaceId string

var workspaceName = last(split(workspaceId, '/'))

func cut(column string) string =>
  '${column} = iif(${column} contains "/approvals/", strcat(substring(${column}, 0, indexof(tolower(${column}), "/approvals/")), "/approvals/removed"), ${column})'

func emptied(column string) string =>
  '${column} = iif(tostring(${column}) contains "/approvals/", parse_json(\'{"removed":"an approval link stood here"}\'), ${column})'

var tables = [
  { name: 'AppRequests', texts: ['Url', 'Name', 'OperationName'], values: ['Properties'] }
  // The host hands each request over to the worker by HTTP, and takes that for a dependency.
  { name: 'AppDependencies', texts: ['Data', 'Name', 'Target', 'OperationName'], values: ['Properties'] }
  { name: 'AppTraces', texts: ['Message', 'OperationName'], values: ['Properties'] }
  {
    name: 'AppExceptions'
    texts: ['OuterMessage', 'InnermostMessage', 'ProblemId', 'OperationName']
    values: ['Details', 'Properties']
  }
]

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-07-01' existing = {
  name: workspaceName

  // A table takes part in transformations once it was written to by this API, also where nothing of it changes.
  resource table 'tables' = [
    for item in tables: {
      name: item.name
      properties: {
        plan: 'Analytics'
        schema: { name: item.name, columns: [] }
      }
    }
  ]
}

resource rule 'Microsoft.Insights/dataCollectionRules@2023-03-11' = {
  name: name
  location: location
  tags: tags
  kind: 'WorkspaceTransforms'
  properties: {
    description: 'Takes approval links out of requests, dependencies, traces and exceptions.'
    // The rule is refused without it.
    dataSources: {}
    destinations: { logAnalytics: [{ name: 'workspace', workspaceResourceId: workspaceId }] }
    dataFlows: [
      for item in tables: {
        streams: ['Microsoft-Table-${item.name}']
        destinations: ['workspace']
        transformKql: 'source | extend ${join(concat(map(item.texts, text => cut(text)), map(item.values, value => emptied(value))), ', ')}'
      }
    ]
  }
  dependsOn: [workspace::table]
}

output id string = rule.id
