// The Functions app on Flex Consumption, and who gets to it.

import { privateNetwork } from 'network.bicep'

param planName string
param name string
param location string
param tags object
param identityId string
param workspaceId string
param packageUrl string
param instanceMemoryMB int
param maximumInstances int
param alwaysReadyInstances int
param alwaysReadyHttpInstances int
param zoneRedundant bool

@description('The subnet that all calls of the app go through; empty: none.')
param appSubnetId string
param privateNetworking bool
param network privateNetwork?

@description('Whether the app answers on the internet.')
param publicNetworkAccess bool

@description('The application (client) id of the registration that people and pipelines sign in to; empty: nobody can sign in, and the API refuses everybody.')
param authClientId string

@description('The client ids whose tokens are let through; empty: those of every application of the tenant. What a caller may do the server policy says.')
param authAllowedClients string[]

var deployments = {
  type: 'blobContainer'
  value: packageUrl
  authentication: {
    type: 'UserAssignedIdentity'
    userAssignedIdentityResourceId: identityId
  }
}

resource plan 'Microsoft.Web/serverfarms@2025-03-01' = {
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: { name: 'FC1', tier: 'FlexConsumption' }
  properties: {
    reserved: true
    zoneRedundant: zoneRedundant
  }
}

resource app 'Microsoft.Web/sites@2025-03-01' = {
  name: name
  location: location
  tags: union(tags, { 'azd-service-name': 'api' })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${identityId}': {} }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    keyVaultReferenceIdentity: identityId
    publicNetworkAccess: publicNetworkAccess ? 'Enabled' : 'Disabled'
    virtualNetworkSubnetId: empty(appSubnetId) ? null : appSubnetId
    functionAppConfig: {
      deployment: { storage: deployments }
      runtime: { name: 'dotnet-isolated', version: '10.0' }
      scaleAndConcurrency: {
        instanceMemoryMB: instanceMemoryMB
        maximumInstanceCount: maximumInstances
        // A rollback must not wait for a start: the group that orchestrations and activities run in stays warm. Pages and API are a group of their own.
        alwaysReady: concat(
          alwaysReadyInstances > 0 ? [{ name: 'durable', instanceCount: alwaysReadyInstances }] : [],
          alwaysReadyHttpInstances > 0 ? [{ name: 'http', instanceCount: alwaysReadyHttpInstances }] : []
        )
      }
    }
    // Flex Consumption refuses or ignores most of what could stand here.
    siteConfig: { minTlsVersion: '1.2' }
  }

  // No passwords for deployments: azd and the CLI sign in.
  resource scm 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    properties: { allow: false }
  }

  resource ftp 'basicPublishingCredentialsPolicies' = {
    name: 'ftp'
    properties: { allow: false }
  }

  // Secretless: the app's identity signs for the registration, by a federated credential (infra/README.md).
  resource authentication 'config' = if (!empty(authClientId)) {
    name: 'authsettingsV2'
    properties: {
      platform: { enabled: true, runtimeVersion: '~1' }
      globalValidation: {
        requireAuthentication: true
        unauthenticatedClientAction: 'RedirectToLoginPage'
        redirectToProvider: 'azureactivedirectory'
        // An approval link is its own proof, and monitors ask for /health, and pages need their style. Slipway ignores X-MS-* headers on all three.
        excludedPaths: ['/approvals/*', '/assets/*', '/health']
      }
      httpSettings: { requireHttps: true }
      login: { tokenStore: { enabled: false } }
      identityProviders: {
        azureActiveDirectory: {
          enabled: true
          registration: {
            clientId: authClientId
            clientSecretSettingName: 'OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID'
            openIdIssuer: '${environment().authentication.loginEndpoint}${tenant().tenantId}/v2.0'
          }
          validation: {
            allowedAudiences: [authClientId, 'api://${authClientId}']
            defaultAuthorizationPolicy: empty(authAllowedClients)
              ? {}
              : { allowedApplications: union([authClientId], authAllowedClients) }
          }
        }
      }
    }
  }
}

// Who was let in and who was not. What the app itself logs is in Application Insights.
resource log 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'slipway'
  scope: app
  properties: {
    workspaceId: workspaceId
    logs: [{ category: 'AppServiceAuthenticationLogs', enabled: true }]
  }
}

module endpoint 'private-endpoint.bicep' = if (privateNetworking && !publicNetworkAccess) {
  name: 'endpoint-app'
  params: {
    name: '${name}-endpoint'
    location: location
    tags: tags
    subnetId: network!.endpointSubnetId
    targetId: app.id
    groupId: 'sites'
    zoneIds: [network!.sitesZoneId]
  }
}

output name string = app.name
output url string = 'https://${app.properties.defaultHostName}'
