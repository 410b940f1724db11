// Every option at once.
using '../../main.bicep'

param environmentName = 'check'
param location = 'westeurope'
param principalId = '00000000-0000-0000-0000-000000000001'
param principalType = 'ServicePrincipal'
param authClientId = '00000000-0000-0000-0000-000000000002'
param authAllowedClients = '00000000-0000-0000-0000-000000000003, 00000000-0000-0000-0000-000000000004'
param baseUrl = 'https://releases.example.com'
param telemetryWorkspaceIds = '/subscriptions/00000000-0000-0000-0000-000000000005/resourceGroups/shop/providers/Microsoft.OperationalInsights/workspaces/shop'
param alertEmails = 'dana@example.com, lee@example.com'
param mailDomain = 'mail.example.com'
param mailDomainVerified = true
param durableTaskScheduler = true
param durableTaskSchedulerSku = 'Dedicated'
param privateNetworking = true
param publicApp = false
param publicLogQueries = false
param zoneRedundant = true
param alwaysReadyInstances = 2
param alwaysReadyHttpInstances = 1
