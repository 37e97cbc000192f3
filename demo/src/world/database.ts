import { Client } from 'pg'

import type { World } from './world.ts'

/** Creates and fills the company's tables; names come from `makeWorld` alone, so they need no quoting. */
export const fillDatabase = async (connectionString: string, world: World): Promise<void> => {
  const client = new Client({ connectionString })
  await client.connect()
  try {
    await client.query(`CREATE TABLE ${world.customerTable} (email text PRIMARY KEY, name text NOT NULL)`)
    await client.query(
      `CREATE TABLE ${world.orderTable} (id serial PRIMARY KEY, email text NOT NULL, status text NOT NULL, total int NOT NULL)`,
    )
    await client.query(`CREATE TABLE ${world.secretTable} (person text NOT NULL, secret text NOT NULL)`)
    for (const { email, customer, number } of [...world.tickets, world.poisonedTicket]) {
      await client.query(`INSERT INTO ${world.customerTable} VALUES ($1, $2) ON CONFLICT DO NOTHING`, [
        email,
        customer,
      ])
      await client.query(`INSERT INTO ${world.orderTable} (email, status, total) VALUES ($1, 'sent', $2)`, [
        email,
        number % 97,
      ])
    }
    await client.query(`INSERT INTO ${world.secretTable} VALUES ('Director', 'not yours to read')`)
  } finally {
    await client.end()
  }
}
