// Feature flags, the configuration keys of level 2, and the server policy. No flag is made here: each deployment would set it back,
// also while a release moves it. `slipway flags create` makes flags.

import { roles } from 'roles.bicep'
import { privateNetwork } from 'network.bicep'

param name string
param location string
param tags object
param principalId string
param workspaceId string
param privateNetworking bool
param network privateNetwork?
param protectAgainstDeletion bool

@description('Who writes the server policy; empty: nobody gets the right to by this template.')
param operatorId string
param operatorType 'User' | 'Group' | 'ServicePrincipal'

resource store 'Microsoft.AppConfiguration/configurationStores@2024-06-01' = {
  name: name
  location: location
  tags: tags
  sku: { name: 'standard' }
  properties: {
    disableLocalAuth: true
    // A deleted store can be had back for seven days, which is the longest there is; without it every application loses its flags.
    softDeleteRetentionInDays: 7
    // Null and not false: once on, it cannot be turned off, and the platform refuses to be asked.
    enablePurgeProtection: protectAgainstDeletion ? true : null
    publicNetworkAccess: privateNetworking ? 'Disabled' : 'Enabled'
    dataPlaneProxy: {
      authenticationMode: 'Pass-through'
      privateLinkDelegation: privateNetworking ? 'Enabled' : 'Disabled'
    }
  }
}

// IFlagStore and IConfigurationStore: read, compare-and-set, create flags; the server policy is read.
resource appRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(store.id, principalId, roles.appConfigurationDataOwner)
  scope: store
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.appConfigurationDataOwner)
    principalId: principalId
    principalType: 'ServicePrincipal'
  }
}

// No code: the person who puts the server policy there (infra/README.md).
resource operatorRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(operatorId)) {
  name: guid(store.id, operatorId, roles.appConfigurationDataOwner)
  scope: store
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.appConfigurationDataOwner)
    principalId: operatorId
    principalType: operatorType
  }
}

// Who changed what in the store, beside Slipway: what its ledger calls drift.
resource log 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'slipway'
  scope: store
  properties: {
    workspaceId: workspaceId
    logs: [{ category: 'Audit', enabled: true }]
  }
}

module endpoint 'private-endpoint.bicep' = if (privateNetworking) {
  name: 'endpoint-configuration'
  params: {
    name: '${name}-endpoint'
    location: location
    tags: tags
    subnetId: network!.endpointSubnetId
    targetId: store.id
    groupId: 'configurationStores'
    zoneIds: [network!.configurationZoneId]
  }
}

output name string = store.name
output endpoint string = store.properties.endpoint
