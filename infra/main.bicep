// Slipway on Azure: `azd up` deploys this, infra/README.md says what it makes and what it costs.
targetScope = 'subscription'

@description('The name of the azd environment; names of resources come from it.')
@minLength(1)
@maxLength(40)
param environmentName string

@description('A region with Flex Consumption: az functionapp list-flexconsumption-locations')
@minLength(1)
param location string

@description('Who deploys: gets the roles to make the approval keys and to put the server policy; empty: nobody does.')
param principalId string = ''
param principalType 'User' | 'Group' | 'ServicePrincipal' = 'User'

@description('The application (client) id of the app registration that people and pipelines sign in to. Empty: sign-in is not configured, and Slipway refuses every call that is neither an approval link nor /health.')
param authClientId string = ''

@description('Client ids whose tokens are let through, separated by commas; empty: those of every application of the tenant.')
param authAllowedClients string = ''

@description('Where people reach Slipway, when that is not the app\'s own host name: no trailing slash.')
param baseUrl string = ''

@description('Resource ids of Log Analytics workspaces with telemetry of the applications that are released, separated by commas; the first is used when a request names none. Empty: the workspace that is made here.')
param telemetryWorkspaceIds string = ''

@description('Who gets a mail for an alert, separated by commas.')
param alertEmails string = ''

@description('Days that logs are kept in the workspace.')
@minValue(30)
@maxValue(730)
param logRetentionDays int = 90

@description('Days that entries of a ledger can be neither changed nor deleted.')
@minValue(1)
@maxValue(146000)
param ledgerImmutableDays int = 2555

@description('Whether the ledger\'s policy was locked by hand (infra/README.md). Deployments then leave it alone.')
param ledgerPolicyLocked bool = false

@description('Days after which the engine\'s instance of a finished release is purged; ledger, report and documents stay.')
@minValue(1)
param instanceRetentionDays int = 30

@description('Purge protection for flags and keys, a lock on the ledger\'s account. Turn it off for a trial that will be removed.')
param protectAgainstDeletion bool = true

param storageSku 'Standard_LRS' | 'Standard_ZRS' | 'Standard_GRS' | 'Standard_GZRS' = 'Standard_ZRS'

@description('512 suffices for a few releases at a time; it is also what the always-ready instance costs by.')
param instanceMemoryMB 512 | 2048 | 4096 = 2048

@minValue(40)
@maxValue(1000)
param maximumInstances int = 40

@description('Instances that stay warm for orchestrations and activities; with 0 a rollback may wait for a start.')
@minValue(0)
@maxValue(20)
param alwaysReadyInstances int = 1

@description('Instances that stay warm for pages, API and approval links; with 0 the first request after a quiet time waits for a start.')
@minValue(0)
@maxValue(20)
param alwaysReadyHttpInstances int = 0

param zoneRedundant bool = false

@description('Where mail is kept at rest, for example Europe or United States.')
param mailDataLocation string = 'Europe'

@description('A domain of your own to send from, for example mail.example.com.')
param mailDomain string = ''

@description('Whether the records of mailDomain were verified; until then mail comes from the domain that Azure manages.')
param mailDomainVerified bool = false

@description('Mails a minute and an hour, where the service has raised its limits for you; 0: its limits for the domain in use.')
@minValue(0)
param mailPerMinute int = 0
@minValue(0)
param mailPerHour int = 0

@description('Keeps the engine\'s state in Durable Task Scheduler instead of Azure Storage. The app has to be built for it (infra/README.md), and state cannot move.')
param durableTaskScheduler bool = false
param durableTaskSchedulerSku 'Consumption' | 'Dedicated' = 'Consumption'

@description('Whether the host storage has what a task hub needs: roles for queues and tables, and their private endpoints. False only once an app that is built for the scheduler is deployed.')
param storageTaskHub bool = true

@description('Closes the stores to the internet: private endpoints, and all calls of the app through a network of its own.')
param privateNetworking bool = false

@description('At least a /24.')
param networkAddressPrefix string = '10.60.0.0/24'

@description('With private networking: whether the app still answers on the internet. Approvers open their links there.')
param publicApp bool = true

@description('With private networking: whether logs can be queried from outside, as the portal and the workbook do.')
param publicLogQueries bool = true

var token = uniqueString(subscription().id, environmentName, location)
// Lists are text with commas because azd hands on values of the environment, which are text.
var allowedClients = empty(authAllowedClients) ? [] : split(replace(authAllowedClients, ' ', ''), ',')
var telemetryWorkspaces = empty(telemetryWorkspaceIds) ? [] : split(replace(telemetryWorkspaceIds, ' ', ''), ',')
var alertAddresses = empty(alertEmails) ? [] : split(replace(alertEmails, ' ', ''), ',')
var tags = { 'azd-env-name': environmentName }

resource group 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: 'rg-${environmentName}'
  location: location
  tags: tags
}

module identity 'modules/identity.bicep' = {
  name: 'identity'
  scope: group
  params: {
    name: 'id-slipway-${token}'
    location: location
    tags: tags
  }
}

module network 'modules/network.bicep' = if (privateNetworking) {
  name: 'network'
  scope: group
  params: {
    name: 'vnet-slipway-${token}'
    location: location
    tags: tags
    addressPrefix: networkAddressPrefix
  }
}

module monitoring 'modules/monitoring.bicep' = {
  name: 'monitoring'
  scope: group
  params: {
    workspaceName: 'log-slipway-${token}'
    componentName: 'appi-slipway-${token}'
    location: location
    tags: tags
    principalId: identity.outputs.principalId
    retentionDays: logRetentionDays
    privateNetworking: privateNetworking
    network: privateNetworking ? network!.outputs.value : null
    queriesFromOutside: publicLogQueries
  }
}

module telemetry 'modules/telemetry-reader.bicep' = [
  for id in telemetryWorkspaces: {
    name: 'telemetry-${uniqueString(id)}'
    scope: resourceGroup(split(id, '/')[2], split(id, '/')[4])
    params: {
      workspaceName: last(split(id, '/'))
      principalId: identity.outputs.principalId
    }
  }
]

module hostStorage 'modules/host-storage.bicep' = {
  name: 'host-storage'
  scope: group
  params: {
    name: 'sthost${token}'
    location: location
    tags: tags
    sku: storageSku
    principalId: identity.outputs.principalId
    // Not by the scheduler's parameter: the app that runs while it is set, and as long as it is not rebuilt, has its task hub here.
    taskHub: storageTaskHub || !durableTaskScheduler
    privateNetworking: privateNetworking
    network: privateNetworking ? network!.outputs.value : null
  }
}

module ledgerStorage 'modules/ledger-storage.bicep' = {
  name: 'ledger-storage'
  scope: group
  params: {
    name: 'stledger${token}'
    location: location
    tags: tags
    sku: storageSku
    principalId: identity.outputs.principalId
    workspaceId: monitoring.outputs.workspaceId
    immutableDays: ledgerImmutableDays
    policyLocked: ledgerPolicyLocked
    protectAgainstDeletion: protectAgainstDeletion
    privateNetworking: privateNetworking
    network: privateNetworking ? network!.outputs.value : null
  }
}

module appConfiguration 'modules/app-configuration.bicep' = {
  name: 'app-configuration'
  scope: group
  params: {
    name: 'appcs-slipway-${token}'
    location: location
    tags: tags
    principalId: identity.outputs.principalId
    workspaceId: monitoring.outputs.workspaceId
    operatorId: principalId
    operatorType: principalType
    protectAgainstDeletion: protectAgainstDeletion
    privateNetworking: privateNetworking
    network: privateNetworking ? network!.outputs.value : null
  }
}

module keyVault 'modules/key-vault.bicep' = {
  name: 'key-vault'
  scope: group
  params: {
    name: 'kv-slip-${token}'
    location: location
    tags: tags
    principalId: identity.outputs.principalId
    workspaceId: monitoring.outputs.workspaceId
    operatorId: principalId
    operatorType: principalType
    protectAgainstDeletion: protectAgainstDeletion
    privateNetworking: privateNetworking
    network: privateNetworking ? network!.outputs.value : null
  }
}

module mail 'modules/mail.bicep' = {
  name: 'mail'
  scope: group
  params: {
    emailName: 'email-slipway-${token}'
    communicationName: 'acs-slipway-${token}'
    tags: tags
    principalId: identity.outputs.principalId
    workspaceId: monitoring.outputs.workspaceId
    dataLocation: mailDataLocation
    customDomain: mailDomain
    customDomainVerified: mailDomainVerified
  }
}

module scheduler 'modules/durable-task-scheduler.bicep' = if (durableTaskScheduler) {
  name: 'durable-task-scheduler'
  scope: group
  params: {
    name: 'dts-slipway-${token}'
    location: location
    tags: tags
    principalId: identity.outputs.principalId
    sku: durableTaskSchedulerSku
    privateNetworking: privateNetworking
    network: privateNetworking ? network!.outputs.value : null
  }
}

module app 'modules/app.bicep' = {
  name: 'app'
  scope: group
  params: {
    planName: 'plan-slipway-${token}'
    name: 'func-slipway-${token}'
    location: location
    tags: tags
    identityId: identity.outputs.id
    workspaceId: monitoring.outputs.workspaceId
    packageUrl: hostStorage.outputs.packageUrl
    instanceMemoryMB: instanceMemoryMB
    maximumInstances: maximumInstances
    alwaysReadyInstances: alwaysReadyInstances
    alwaysReadyHttpInstances: alwaysReadyHttpInstances
    zoneRedundant: zoneRedundant
    appSubnetId: privateNetworking ? network!.outputs.appSubnetId : ''
    privateNetworking: privateNetworking
    network: privateNetworking ? network!.outputs.value : null
    publicNetworkAccess: !privateNetworking || publicApp
    authClientId: authClientId
    authAllowedClients: allowedClients
  }
}

// Needs every store's address, and with it every role: an app whose settings are there can use them.
module settings 'modules/app-settings.bicep' = {
  name: 'app-settings'
  scope: group
  params: {
    appName: app.outputs.name
    baseUrl: empty(baseUrl) ? app.outputs.url : baseUrl
    identityClientId: identity.outputs.clientId
    hostStorageName: hostStorage.outputs.name
    applicationInsightsConnectionString: monitoring.outputs.connectionString
    appConfigurationEndpoint: appConfiguration.outputs.endpoint
    ledgerUrl: ledgerStorage.outputs.ledgerUrl
    stateUrl: ledgerStorage.outputs.stateUrl
    documentsUrl: ledgerStorage.outputs.documentsUrl
    workspaceGuid: empty(telemetryWorkspaces) ? monitoring.outputs.workspaceGuid : telemetry[0].outputs.workspaceGuid
    mailEndpoint: mail.outputs.endpoint
    mailSender: mail.outputs.sender
    mailPerMinute: mailPerMinute == 0 ? mail.outputs.perMinute : mailPerMinute
    mailPerHour: mailPerHour == 0 ? mail.outputs.perHour : mailPerHour
    approvalKeysUri: keyVault.outputs.approvalKeysUri
    retentionDays: instanceRetentionDays
    authentication: !empty(authClientId)
    scheduler: durableTaskScheduler
    schedulerEndpoint: durableTaskScheduler ? scheduler!.outputs.endpoint : ''
  }
}

module alerts 'modules/alerts.bicep' = {
  name: 'alerts'
  scope: group
  params: {
    location: location
    tags: tags
    componentId: monitoring.outputs.componentId
    emails: alertAddresses
  }
}

module workbook 'modules/workbook.bicep' = {
  name: 'workbook'
  scope: group
  params: {
    location: location
    tags: tags
    componentId: monitoring.outputs.componentId
  }
}

output AZURE_LOCATION string = location
output AZURE_TENANT_ID string = tenant().tenantId
output AZURE_RESOURCE_GROUP string = group.name
output SERVICE_API_NAME string = app.outputs.name
output SLIPWAY_BASE_URL string = empty(baseUrl) ? app.outputs.url : baseUrl
output SLIPWAY_APP_CONFIGURATION string = appConfiguration.outputs.endpoint
output SLIPWAY_KEY_VAULT string = keyVault.outputs.name
output SLIPWAY_LEDGER_ACCOUNT string = ledgerStorage.outputs.name
output SLIPWAY_EMAIL_SERVICE string = mail.outputs.emailName
output SLIPWAY_IDENTITY_PRINCIPAL_ID string = identity.outputs.principalId
output SLIPWAY_OUTBOUND_ADDRESS string = privateNetworking ? network!.outputs.outboundAddress : ''
