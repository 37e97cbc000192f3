import type { AgentScript } from './agent-script.ts'
import { between } from '../world/random.ts'

/** Writes the weekly report from the orders and last week's report. */
export const reportAgent: AgentScript = {
  agentId: 'report-writer',
  role: 'analyst',
  human: 'bruno',
  tools: ['files/*', 'database/*'],
  request: ({ reportFolder, orderTable, customerTable }) =>
    `Write this week's report into ${reportFolder}/, like ${reportFolder}/week-01.md. The figures are in ${orderTable} and ${customerTable}.`,
  work: async (tools, world, random) => {
    const { orderTable, customerTable, reportFolder } = world
    const totals = await tools.call('database', 'query', {
      sql: `SELECT status, sum(total) FROM ${orderTable} GROUP BY status`,
    })
    const buyers = await tools.call('database', 'query', {
      sql: `SELECT c.name, count(*) FROM ${customerTable} c JOIN ${orderTable} o ON o.email = c.email GROUP BY c.name`,
    })
    await tools.call('files', 'list_directory', { path: reportFolder })
    const last = await tools.call('files', 'read_text_file', { path: `${reportFolder}/week-01.md` })
    const week = String(between(random, 2, 52)).padStart(2, '0')
    await tools.call('files', 'write_file', {
      path: `${reportFolder}/week-${week}.md`,
      content: `# Week ${week}\n\nOrders: ${totals.text}\nBuyers: ${buyers.text}\nBefore: ${last.text.length} characters\n`,
    })
  },
}
