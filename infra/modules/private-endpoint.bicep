// One private endpoint and its names.

param name string
param location string
param tags object
param subnetId string
param targetId string

@description('The part of the resource that is reached, for example blob.')
param groupId string
param zoneIds string[]

resource endpoint 'Microsoft.Network/privateEndpoints@2025-05-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    subnet: { id: subnetId }
    privateLinkServiceConnections: [
      { name: groupId, properties: { privateLinkServiceId: targetId, groupIds: [groupId] } }
    ]
  }

  resource names 'privateDnsZoneGroups' = {
    name: 'default'
    properties: {
      privateDnsZoneConfigs: [for (zone, i) in zoneIds: { name: 'zone-${i}', properties: { privateDnsZoneId: zone } }]
    }
  }
}
