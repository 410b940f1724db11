// What the Functions host and Durable Functions keep: leases, the app's package, the task hub. Nothing of it is worth keeping without them.

import { roles } from 'roles.bicep'
import { privateNetwork } from 'network.bicep'

param name string
param location string
param tags object
param sku string
param principalId string
param privateNetworking bool
param network privateNetwork?

@description('Whether the task hub is here: Durable Functions then needs queues and tables as well.')
param taskHub bool

var packages = 'app-package'
var hubRoles = taskHub ? [roles.storageQueueDataContributor, roles.storageTableDataContributor] : []

resource account 'Microsoft.Storage/storageAccounts@2025-06-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: sku }
  properties: {
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    publicNetworkAccess: privateNetworking ? 'Disabled' : 'Enabled'
    networkAcls: { bypass: 'None', defaultAction: privateNetworking ? 'Deny' : 'Allow' }
  }

  resource blobs 'blobServices' = {
    name: 'default'

    resource container 'containers' = {
      name: packages
    }
  }
}

// The Functions host: leases, timer state, the app's package. Durable Functions: leases and large messages.
resource blobRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(account.id, principalId, roles.storageBlobDataOwner)
  scope: account
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.storageBlobDataOwner)
    principalId: principalId
    principalType: 'ServicePrincipal'
  }
}

// Durable Functions: control and work-item queues; instances and history tables.
resource hubRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for role in hubRoles: {
    name: guid(account.id, principalId, role)
    scope: account
    properties: {
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role)
      principalId: principalId
      principalType: 'ServicePrincipal'
    }
  }
]

module blobEndpoint 'private-endpoint.bicep' = if (privateNetworking) {
  name: 'endpoint-host-blob'
  params: {
    name: '${name}-blob-endpoint'
    location: location
    tags: tags
    subnetId: network!.endpointSubnetId
    targetId: account.id
    groupId: 'blob'
    zoneIds: [network!.blobZoneId]
  }
}

module queueEndpoint 'private-endpoint.bicep' = if (privateNetworking && taskHub) {
  name: 'endpoint-host-queue'
  params: {
    name: '${name}-queue-endpoint'
    location: location
    tags: tags
    subnetId: network!.endpointSubnetId
    targetId: account.id
    groupId: 'queue'
    zoneIds: [network!.queueZoneId]
  }
}

module tableEndpoint 'private-endpoint.bicep' = if (privateNetworking && taskHub) {
  name: 'endpoint-host-table'
  params: {
    name: '${name}-table-endpoint'
    location: location
    tags: tags
    subnetId: network!.endpointSubnetId
    targetId: account.id
    groupId: 'table'
    zoneIds: [network!.tableZoneId]
  }
}

output name string = account.name
output packageUrl string = '${account.properties.primaryEndpoints.blob}${packages}'
