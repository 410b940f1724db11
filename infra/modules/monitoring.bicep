// Slipway's own logs, and telemetry of releases when no other workspace is named.

import { roles } from 'roles.bicep'
import { privateNetwork } from 'network.bicep'

param workspaceName string
param componentName string
param location string
param tags object
param principalId string
param retentionDays int
param privateNetworking bool
param network privateNetwork?

@description('Whether people outside the network may query. The portal, and with it the workbook, is outside.')
param queriesFromOutside bool

module made 'workspace.bicep' = {
  name: 'workspace'
  params: {
    name: workspaceName
    location: location
    tags: tags
    retentionDays: retentionDays
    privateNetworking: privateNetworking
    queriesFromOutside: queriesFromOutside
  }
}

module approvalLinks 'approval-links.bicep' = {
  name: 'approval-links'
  params: {
    name: '${workspaceName}-approval-links'
    location: location
    tags: tags
    workspaceId: made.outputs.id
  }
}

module linked 'workspace.bicep' = {
  name: 'workspace-with-rule'
  params: {
    name: workspaceName
    location: location
    tags: tags
    retentionDays: retentionDays
    privateNetworking: privateNetworking
    queriesFromOutside: queriesFromOutside
    transformationRuleId: approvalLinks.outputs.id
  }
}

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-07-01' existing = {
  name: workspaceName
}

resource component 'Microsoft.Insights/components@2020-02-02' = {
  name: componentName
  location: location
  tags: tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    // Nothing is taken in before the rule cleans it.
    WorkspaceResourceId: linked.outputs.id
    IngestionMode: 'LogAnalytics'
    DisableLocalAuth: true
    publicNetworkAccessForIngestion: privateNetworking ? 'Disabled' : 'Enabled'
    publicNetworkAccessForQuery: privateNetworking && !queriesFromOutside ? 'Disabled' : 'Enabled'
  }
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
  dependsOn: [linked]
}

// The host and the worker send Slipway's own logs, requests and events.
resource sends 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(component.id, principalId, roles.monitoringMetricsPublisher)
  scope: component
  properties: {
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      roles.monitoringMetricsPublisher
    )
    principalId: principalId
    principalType: 'ServicePrincipal'
  }
}

// Open: workspaces of others, which a request may name, stay reachable as before.
resource linkScope 'Microsoft.Insights/privateLinkScopes@2021-09-01' = if (privateNetworking) {
  name: '${componentName}-scope'
  location: 'global'
  tags: tags
  properties: { accessModeSettings: { ingestionAccessMode: 'Open', queryAccessMode: 'Open' } }

  resource linkedWorkspace 'scopedResources' = {
    name: 'workspace'
    properties: { linkedResourceId: linked.outputs.id }
  }

  resource linkedComponent 'scopedResources' = {
    name: 'component'
    properties: { linkedResourceId: component.id }
  }
}

module endpoint 'private-endpoint.bicep' = if (privateNetworking) {
  name: 'endpoint-monitor'
  params: {
    name: '${componentName}-endpoint'
    location: location
    tags: tags
    subnetId: network!.endpointSubnetId
    targetId: linkScope.id
    groupId: 'azuremonitor'
    zoneIds: network!.monitorZoneIds
  }
  // The endpoint gets the addresses of what is in the scope when it is made.
  dependsOn: [linkScope::linkedWorkspace, linkScope::linkedComponent]
}

output workspaceId string = linked.outputs.id
output workspaceGuid string = linked.outputs.customerId
output componentId string = component.id
output connectionString string = component.properties.ConnectionString
