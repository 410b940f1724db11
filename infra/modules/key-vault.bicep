// The keys that sign approval links. No key is made here: a template's values are kept in the history of deployments.

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

@description('Who makes and rotates the keys; empty: nobody gets the right to by this template.')
param operatorId string
param operatorType 'User' | 'Group' | 'ServicePrincipal'

var approvalKeys = 'approval-keys'

resource vault 'Microsoft.KeyVault/vaults@2025-05-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    tenantId: tenant().tenantId
    sku: { family: 'A', name: 'standard' }
    enableRbacAuthorization: true
    enableSoftDelete: true
    // The shortest there is: a lost key is replaced in a minute, and only links that are open become invalid.
    softDeleteRetentionInDays: 7
    // Null and not false: once on, it cannot be turned off, and the platform refuses to be asked.
    enablePurgeProtection: protectAgainstDeletion ? true : null
    publicNetworkAccess: privateNetworking ? 'Disabled' : 'Enabled'
    networkAcls: { bypass: 'None', defaultAction: privateNetworking ? 'Deny' : 'Allow' }
  }
}

// The platform, on behalf of the app: resolves the reference in SLIPWAY_APPROVAL_KEYS.
resource appRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(vault.id, principalId, roles.keyVaultSecretsUser)
  scope: vault
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.keyVaultSecretsUser)
    principalId: principalId
    principalType: 'ServicePrincipal'
  }
}

// No code of the app: infra/approval-keys, which the person who deploys runs.
resource operatorRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(operatorId)) {
  name: guid(vault.id, operatorId, roles.keyVaultSecretsOfficer)
  scope: vault
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.keyVaultSecretsOfficer)
    principalId: operatorId
    principalType: operatorType
  }
}

resource log 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'slipway'
  scope: vault
  properties: {
    workspaceId: workspaceId
    logs: [{ category: 'AuditEvent', enabled: true }]
  }
}

module endpoint 'private-endpoint.bicep' = if (privateNetworking) {
  name: 'endpoint-vault'
  params: {
    name: '${name}-endpoint'
    location: location
    tags: tags
    subnetId: network!.endpointSubnetId
    targetId: vault.id
    groupId: 'vault'
    zoneIds: [network!.vaultZoneId]
  }
}

output name string = vault.name
// Without a version: the platform then follows rotations by itself.
output approvalKeysUri string = '${vault.properties.vaultUri}secrets/${approvalKeys}'
