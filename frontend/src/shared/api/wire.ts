// The one door to the generated client: everything that speaks to the master takes its types and calls from here.
export * from './generated/client'
export * from './generated/client.schemas'
