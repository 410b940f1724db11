// What outlives everything else: the ledgers, which nobody may change, and beside them the state that can be folded from them anew and the
// documents of finished releases. Apart from the host's storage, so that the engine can be replaced without touching any of it.

import { roles } from 'roles.bicep'
import { privateNetwork } from 'network.bicep'

param name string
param location string
param tags object
param sku string
param principalId string
param workspaceId string
param privateNetworking bool
param network privateNetwork?

@description('How long an entry of a ledger can be neither changed nor deleted, from the last entry of its blob on.')
param immutableDays int

@description('Whether a person has locked the policy: from then on it can only be extended, and a deployment that writes it fails.')
param policyLocked bool

@description('A lock on the account: as long as the policy is not locked, it is all that keeps the account from being deleted.')
param protectAgainstDeletion bool

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
    properties: {
      // Not for blobs: state is written anew every minute, and each of those writes would be kept.
      containerDeleteRetentionPolicy: { enabled: true, days: 30 }
    }

    resource ledgers 'containers' = {
      name: 'ledgers'

      // Unlocked. Locking cannot be taken back, so that it is a person's step and not a template's (infra/README.md).
      resource policy 'immutabilityPolicies' = if (!policyLocked) {
        name: 'default'
        properties: {
          immutabilityPeriodSinceCreationInDays: immutableDays
          allowProtectedAppendWrites: true
        }
      }
    }

    resource state 'containers' = {
      name: 'state'
    }

    resource documents 'containers' = {
      name: 'documents'
    }
  }
}

// ILedger: creates append blobs, appends, reads. What it must not do (overwrite, delete) the policy forbids.
resource ledgerRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(account::blobs::ledgers.id, principalId, roles.storageBlobDataContributor)
  scope: account::blobs::ledgers
  properties: {
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      roles.storageBlobDataContributor
    )
    principalId: principalId
    principalType: 'ServicePrincipal'
  }
}

// ILocks, IFreezes, IReleaseSnapshots and the queue of IMailer: create, overwrite by ETag, delete.
resource stateRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(account::blobs::state.id, principalId, roles.storageBlobDataContributor)
  scope: account::blobs::state
  properties: {
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      roles.storageBlobDataContributor
    )
    principalId: principalId
    principalType: 'ServicePrincipal'
  }
}

// The keeping of reports and documents before a finished release's instance is purged.
resource documentRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(account::blobs::documents.id, principalId, roles.storageBlobDataContributor)
  scope: account::blobs::documents
  properties: {
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      roles.storageBlobDataContributor
    )
    principalId: principalId
    principalType: 'ServicePrincipal'
  }
}

// Who tried to delete what. Writes are not logged: they are the ledger's own entries, with their author.
resource log 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'slipway'
  scope: account::blobs
  properties: {
    workspaceId: workspaceId
    logs: [{ category: 'StorageDelete', enabled: true }]
  }
}

resource keep 'Microsoft.Authorization/locks@2020-05-01' = if (protectAgainstDeletion) {
  name: 'ledger'
  scope: account
  properties: {
    level: 'CanNotDelete'
    notes: 'Holds the ledgers of all releases. See infra/README.md before removing this lock.'
  }
}

module endpoint 'private-endpoint.bicep' = if (privateNetworking) {
  name: 'endpoint-ledger'
  params: {
    name: '${name}-endpoint'
    location: location
    tags: tags
    subnetId: network!.endpointSubnetId
    targetId: account.id
    groupId: 'blob'
    zoneIds: [network!.blobZoneId]
  }
}

output name string = account.name
output ledgerUrl string = '${account.properties.primaryEndpoints.blob}${account::blobs::ledgers.name}'
output stateUrl string = '${account.properties.primaryEndpoints.blob}${account::blobs::state.name}'
output documentsUrl string = '${account.properties.primaryEndpoints.blob}${account::blobs::documents.name}'
