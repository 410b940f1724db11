// The network that the app's calls go through, when the stores are closed to the internet.

@description('Where private endpoints are put, and the zones that their names are resolved by.')
@export()
type privateNetwork = {
  endpointSubnetId: string
  blobZoneId: string
  queueZoneId: string
  tableZoneId: string
  configurationZoneId: string
  vaultZoneId: string
  sitesZoneId: string
  schedulerZoneId: string
  @description('Those of Azure Monitor, which wants all of them at one endpoint; the blob zone is one of them.')
  monitorZoneIds: string[]
}

param name string
param location string
param tags object

@description('At least a /24: the app takes the first /26, the private endpoints the second.')
param addressPrefix string

// Names of zones differ by cloud, and environment() knows only that of storage.
var suffixes = {
  AzureCloud: {
    configuration: 'azconfig.io'
    vault: 'vaultcore.azure.net'
    sites: 'azurewebsites.net'
    scheduler: 'durabletask.io'
    monitor: 'monitor.azure.com'
    oms: 'oms.opinsights.azure.com'
    ods: 'ods.opinsights.azure.com'
    agents: 'agentsvc.azure-automation.net'
  }
  AzureUSGovernment: {
    configuration: 'azconfig.azure.us'
    vault: 'vaultcore.usgovcloudapi.net'
    sites: 'azurewebsites.us'
    scheduler: 'durabletask.io'
    monitor: 'monitor.azure.us'
    oms: 'oms.opinsights.azure.us'
    ods: 'ods.opinsights.azure.us'
    agents: 'agentsvc.azure-automation.us'
  }
  AzureChinaCloud: {
    configuration: 'azconfig.azure.cn'
    vault: 'vaultcore.azure.cn'
    sites: 'chinacloudsites.cn'
    scheduler: 'durabletask.io'
    monitor: 'monitor.azure.cn'
    oms: 'oms.opinsights.azure.cn'
    ods: 'ods.opinsights.azure.cn'
    agents: 'agentsvc.azure-automation.cn'
  }
}
// Its length is known before the deployment, so that a preview shows the zones.
var zones = [
  'blob'
  'queue'
  'table'
  'configuration'
  'vault'
  'sites'
  'scheduler'
  'monitor'
  'oms'
  'ods'
  'agents'
]
var storageServices = ['blob', 'queue', 'table']

resource outboundAddress 'Microsoft.Network/publicIPAddresses@2025-05-01' = {
  name: '${name}-out'
  location: location
  tags: tags
  sku: { name: 'Standard' }
  properties: { publicIPAllocationMethod: 'Static' }
}

// Hooks, probes and webhooks get calls from one known address, which their allow-lists can name.
resource gateway 'Microsoft.Network/natGateways@2025-05-01' = {
  name: '${name}-nat'
  location: location
  tags: tags
  sku: { name: 'Standard' }
  properties: { publicIpAddresses: [{ id: outboundAddress.id }] }
}

resource network 'Microsoft.Network/virtualNetworks@2025-05-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    addressSpace: { addressPrefixes: [addressPrefix] }
  }

  // Flex Consumption wants a subnet of its own under this delegation, and no underscore in its name.
  resource app 'subnets' = {
    name: 'app'
    properties: {
      addressPrefix: cidrSubnet(addressPrefix, 26, 0)
      delegations: [{ name: 'flex', properties: { serviceName: 'Microsoft.App/environments' } }]
      natGateway: { id: gateway.id }
    }
  }

  resource endpoints 'subnets' = {
    name: 'endpoints'
    properties: {
      addressPrefix: cidrSubnet(addressPrefix, 26, 1)
      privateEndpointNetworkPolicies: 'Enabled'
      defaultOutboundAccess: false
    }
    // Two writes at once to subnets of one network end in a conflict.
    dependsOn: [app]
  }
}

resource zone 'Microsoft.Network/privateDnsZones@2024-06-01' = [
  for service in zones: {
    name: 'privatelink.${contains(storageServices, service) ? '${service}.${environment().suffixes.storage}' : suffixes[environment().name][service]}'
    location: 'global'
    tags: tags
  }
]

resource link 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = [
  for (service, i) in zones: {
    parent: zone[i]
    name: 'slipway'
    location: 'global'
    tags: tags
    properties: {
      registrationEnabled: false
      virtualNetwork: { id: network.id }
    }
  }
]

output appSubnetId string = network::app.id
output outboundAddress string = outboundAddress.properties.ipAddress
output value privateNetwork = {
  endpointSubnetId: network::endpoints.id
  blobZoneId: zone[0].id
  queueZoneId: zone[1].id
  tableZoneId: zone[2].id
  configurationZoneId: zone[3].id
  vaultZoneId: zone[4].id
  sitesZoneId: zone[5].id
  schedulerZoneId: zone[6].id
  monitorZoneIds: [zone[7].id, zone[8].id, zone[9].id, zone[10].id, zone[0].id]
}
