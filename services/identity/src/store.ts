// For tests on databases that a service cannot start.
export { openDatabase } from './adapters/database/open-database.ts'
export { createDatabaseSessionStore } from './adapters/store/database-session-store.ts'
export { coreMigrations } from './adapters/store/migrations.ts'
export type { HeldSession } from './core/held-session.ts'
export type { Database } from './ports/database.ts'
export type { NewSession, SessionStore } from './ports/session-store.ts'
