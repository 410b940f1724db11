// Takes what lets somebody in out of what the platform itself logs of requests: the token in the path of an approval link, also where that path is
// written into another address (the way back behind signing in), and the code of a sign-in link. Slipway's own log never has one, but the Functions host writes
// whole addresses. From the first of them on a text is cut, since nothing behind it is worth a credential.
//
// Only what transformations may use stands here, which infra/check compares with the documented list: https://learn.microsoft.com/azure/azure-monitor/data-collection/data-collection-transformations-kql

param name string
param location string
param tags object
param workspaceId string

var workspaceName = last(split(workspaceId, '/'))

// 'contains' looks at no case; the marks are in small letters, as 'indexof' finds them in a text of which the same was made.
var link = '/approvals/'
// Encoded once and more often: %2Fapprovals%2F, %252Fapprovals%252F.
var linkInAddress = 'approvals%2'
var signIn = '/sign-in?'

func cut(column string, mark string) string =>
  '${column} = iif(${column} contains "${mark}", strcat(substring(${column}, 0, indexof(tolower(${column}), "${mark}")), "${mark}removed"), ${column})'

func has(column string, mark string) string => 'tostring(${column}) contains "${mark}"'

// Properties may have a path and its query one beside the other.
func emptied(column string) string =>
  '${column} = iif(${has(column, '/approvals/')} or ${has(column, 'approvals%2')} or (${has(column, '/sign-in')} and ${has(column, '?code=')}), parse_json(\'{"removed":"a link that lets somebody in stood here"}\'), ${column})'

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
    description: 'Takes approval links and sign-in links out of requests, dependencies, traces and exceptions.'
    // The rule is refused without it.
    dataSources: {}
    destinations: { logAnalytics: [{ name: 'workspace', workspaceResourceId: workspaceId }] }
    dataFlows: [
      for item in tables: {
        streams: ['Microsoft-Table-${item.name}']
        destinations: ['workspace']
        // What one 'extend' makes, only the next one sees.
        transformKql: join(
          [
            'source'
            'extend ${join(concat(map(item.texts, text => cut(text, link)), map(item.values, value => emptied(value))), ', ')}'
            'extend ${join(map(item.texts, text => cut(text, linkInAddress)), ', ')}'
            'extend ${join(map(item.texts, text => cut(text, signIn)), ', ')}'
          ],
          ' | '
        )
      }
    ]
  }
  dependsOn: [workspace::table]
}

output id string = rule.id
