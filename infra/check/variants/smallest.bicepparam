// What `azd up` makes with nothing set.
using '../../main.bicep'

param environmentName = 'check'
param location = 'westeurope'
