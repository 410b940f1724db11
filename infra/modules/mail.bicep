// Mail to approvers and stakeholders. There is no private endpoint for it: mail leaves by the service's public address.

import { roles } from 'roles.bicep'

param emailName string
param communicationName string
param tags object
param principalId string
param workspaceId string

@description('Where mail is kept at rest, for example Europe or United States.')
param dataLocation string

@description('A domain of your own, for example mail.example.com; empty: the one that Azure manages.')
param customDomain string

@description('Whether the records of the custom domain were verified. A domain that is not cannot be linked.')
param customDomainVerified bool

var sendsFromCustom = !empty(customDomain) && customDomainVerified

resource email 'Microsoft.Communication/emailServices@2025-09-01' = {
  name: emailName
  location: 'global'
  tags: tags
  properties: { dataLocation: dataLocation }

  resource managed 'domains' = {
    name: 'AzureManagedDomain'
    location: 'global'
    tags: tags
    properties: { domainManagement: 'AzureManaged', userEngagementTracking: 'Disabled' }
  }

  resource custom 'domains' = if (!empty(customDomain)) {
    name: empty(customDomain) ? 'none' : customDomain
    location: 'global'
    tags: tags
    properties: { domainManagement: 'CustomerManaged', userEngagementTracking: 'Disabled' }
  }
}

resource communication 'Microsoft.Communication/communicationServices@2025-09-01' = {
  name: communicationName
  location: 'global'
  tags: tags
  properties: {
    dataLocation: dataLocation
    disableLocalAuth: true
    linkedDomains: sendsFromCustom ? [email::custom.id, email::managed.id] : [email::managed.id]
  }
}

// IMailer sends and asks what became of it. There is no narrower built-in role that may send.
resource sends 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(communication.id, principalId, roles.communicationAndEmailServiceOwner)
  scope: communication
  properties: {
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      roles.communicationAndEmailServiceOwner
    )
    principalId: principalId
    principalType: 'ServicePrincipal'
  }
}

// What became of each mail behind the service: bounced, suppressed, delivered. Slipway knows only that it was accepted.
resource log 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'slipway'
  scope: communication
  properties: {
    workspaceId: workspaceId
    logs: [
      { category: 'EmailSendMailOperational', enabled: true }
      { category: 'EmailStatusUpdateOperational', enabled: true }
    ]
  }
}

output endpoint string = 'https://${communication.properties.hostName}'
output sender string = 'DoNotReply@${sendsFromCustom ? customDomain : email::managed.properties.fromSenderDomain}'
// The service's limits: a managed domain 5 mails a minute and 10 an hour, a custom one 30 and 100.
output perMinute int = sendsFromCustom ? 30 : 5
output perHour int = sendsFromCustom ? 100 : 10
output emailName string = email.name
