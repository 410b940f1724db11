// The engine's state in a service of its own, instead of queues and tables in the host's storage.

import { roles } from 'roles.bicep'
import { privateNetwork } from 'network.bicep'

param name string
param location string
param tags object
param principalId string
param sku 'Consumption' | 'Dedicated'
param privateNetworking bool
param network privateNetwork?

resource scheduler 'Microsoft.DurableTask/schedulers@2026-02-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    sku: sku == 'Dedicated' ? { name: 'Dedicated', capacity: 1 } : { name: 'Consumption' }
    // Must not be empty. Who gets in is a matter of the role; with private networking the public address is off as a whole.
    ipAllowlist: ['0.0.0.0/0']
    publicNetworkAccess: privateNetworking ? 'Disabled' : 'Enabled'
  }

  resource hub 'taskHubs' = {
    name: 'slipway'
    properties: {}
  }
}

// Durable Functions: runs orchestrations and activities of this hub. Also the dashboard, for who is given the same role.
resource hubRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(scheduler::hub.id, principalId, roles.durableTaskDataContributor)
  scope: scheduler::hub
  properties: {
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      roles.durableTaskDataContributor
    )
    principalId: principalId
    principalType: 'ServicePrincipal'
  }
}

module endpoint 'private-endpoint.bicep' = if (privateNetworking) {
  name: 'endpoint-scheduler'
  params: {
    name: '${name}-endpoint'
    location: location
    tags: tags
    subnetId: network!.endpointSubnetId
    targetId: scheduler.id
    groupId: 'scheduler'
    zoneIds: [network!.schedulerZoneId]
  }
}

output endpoint string = scheduler.properties.endpoint
