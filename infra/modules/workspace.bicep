// The workspace, made twice in a deployment: the rule that cleans what it takes in needs it, and it needs the rule.

param name string
param location string
param tags object
param retentionDays int
param privateNetworking bool
param queriesFromOutside bool

@description('The rule that every record goes through; empty: none yet.')
param transformationRuleId string = ''

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-07-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    sku: { name: 'PerGB2018' }
    retentionInDays: retentionDays
    features: {
      disableLocalAuth: true
      enableLogAccessUsingOnlyResourcePermissions: true
    }
    // Left out while there is none: null would take away the one of the deployment before.
    ...(empty(transformationRuleId) ? {} : { defaultDataCollectionRuleResourceId: transformationRuleId })
    publicNetworkAccessForIngestion: privateNetworking ? 'Disabled' : 'Enabled'
    publicNetworkAccessForQuery: privateNetworking && !queriesFromOutside ? 'Disabled' : 'Enabled'
  }
}

output id string = workspace.id
output customerId string = workspace.properties.customerId
