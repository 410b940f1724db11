// A workspace that is there already, in whatever resource group, with telemetry of the applications that are released.

import { roles } from 'roles.bicep'

param workspaceName string
param principalId string

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-07-01' existing = {
  name: workspaceName
}

// IMetricSource reads the telemetry of releases.
resource reads 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(workspace.id, principalId, roles.logAnalyticsDataReader)
  scope: workspace
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.logAnalyticsDataReader)
    principalId: principalId
    principalType: 'ServicePrincipal'
  }
}

output workspaceGuid string = workspace.properties.customerId
