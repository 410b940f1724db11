// Every setting that the app gets, and nothing else: infra/check compares what comes of it with the table of infra/README.md.

param appName string
param baseUrl string
param identityClientId string
param hostStorageName string
param applicationInsightsConnectionString string
param appConfigurationEndpoint string
param ledgerUrl string
param stateUrl string
param documentsUrl string
param workspaceGuid string
param mailEndpoint string
param mailSender string
param mailPerMinute int
param mailPerHour int
param approvalKeysUri string
param retentionDays int

@description('Whether people and pipelines sign in through an app registration.')
param authentication bool

@description('Whether the engine\'s state is in the Durable Task Scheduler instead of the host storage.')
param scheduler bool
param schedulerEndpoint string

resource app 'Microsoft.Web/sites@2025-03-01' existing = {
  name: appName
}

var always = {
  // No key and no connection string: an account's name and who asks.
  AzureWebJobsStorage__accountName: hostStorageName
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__clientId: identityClientId
  // The list of releases is at /, where the platform would show a page of its own.
  AzureWebJobsDisableHomepage: 'true'
  APPLICATIONINSIGHTS_CONNECTION_STRING: applicationInsightsConnectionString
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identityClientId};Authorization=AAD'
  AZURE_CLIENT_ID: identityClientId
  SLIPWAY_ADAPTERS: 'azure'
  SLIPWAY_BASE_URL: baseUrl
  SLIPWAY_APP_CONFIGURATION: appConfigurationEndpoint
  SLIPWAY_LEDGER: ledgerUrl
  SLIPWAY_STATE: stateUrl
  SLIPWAY_DOCUMENTS: documentsUrl
  SLIPWAY_LOG_ANALYTICS_WORKSPACE: workspaceGuid
  SLIPWAY_MAIL_ENDPOINT: mailEndpoint
  SLIPWAY_MAIL_SENDER: mailSender
  SLIPWAY_MAIL_PER_MINUTE: string(mailPerMinute)
  SLIPWAY_MAIL_PER_HOUR: string(mailPerHour)
  SLIPWAY_APPROVAL_KEYS: '@Microsoft.KeyVault(SecretUri=${approvalKeysUri})'
  SLIPWAY_RETENTION_DAYS: string(retentionDays)
}

// The name is the platform's: it says which identity signs for the app registration.
var withAuthentication = {
  OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID: identityClientId
}

var withScheduler = {
  DURABLE_TASK_SCHEDULER_CONNECTION_STRING: 'Endpoint=${schedulerEndpoint};Authentication=ManagedIdentity;ClientID=${identityClientId}'
}

resource settings 'Microsoft.Web/sites/config@2025-03-01' = {
  parent: app
  name: 'appsettings'
  properties: union(always, authentication ? withAuthentication : {}, scheduler ? withScheduler : {})
}
