export type { ImportOptions } from './import/import-config.ts'
export { importClientConfig, undoImport } from './import/import-config.ts'
export type { ConnectOptions } from './main.ts'
export { connect } from './main.ts'
