// One page over Slipway's own events. A release's numbers are in its report and ledger; this is about the service.

param location string
param tags object
param componentId string

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(componentId, 'slipway')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: 'Slipway'
    category: 'workbook'
    sourceId: componentId
    version: '1.0'
    serializedData: loadTextContent('../workbook.json')
  }
}
