export type { ConnectOptions } from './main.ts'
export { connect } from './main.ts'
