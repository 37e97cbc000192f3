// A launcher with a database that has a busy connection.
import { dirname } from 'node:path'

import { openWorkplace, startPostgres } from '@cordon/infra'
import pg from 'pg'

import { reportAndStay } from './launched.ts'

const workplace = await openWorkplace({ environment: process.env, onProgress: () => undefined })
const { supervisor } = workplace
const postgres = await startPostgres({ supervisor, onProgress: () => undefined })
const client = new pg.Client(postgres.connectionString)
// It ends with the database, in whatever order they go.
client.on('error', () => undefined)
await client.connect()
await client.query('create table kept (id int)')
const processes =
  postgres.kind === 'installed'
    ? await client.query<{ pid: number }>('select pid from pg_stat_activity union select pg_backend_pid()')
    : { rows: [] }
const folder =
  postgres.kind === 'installed'
    ? await client.query<{ data_directory: string }>('show data_directory')
    : { rows: [] }
client.query('select pg_sleep(300)').catch(() => undefined)
reportAndStay({
  pids: [supervisor.guardianPid, ...processes.rows.map(row => row.pid)],
  folders: [workplace.folder, ...folder.rows.map(row => dirname(row.data_directory))],
  facts: { connectionString: postgres.connectionString },
})
