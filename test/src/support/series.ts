import assert from 'node:assert/strict'

/** Lines of a scrape: a series and its value. */
const scrape = async (
  operationsUrl: string,
): Promise<readonly (readonly [series: string, value: number])[]> => {
  const text = await (await fetch(`${operationsUrl}/metrics`)).text()
  return text
    .split('\n')
    .filter(line => line !== '' && !line.startsWith('#'))
    .map(line => {
      const space = line.lastIndexOf(' ')
      return [line.slice(0, space), Number(line.slice(space + 1))]
    })
}

/** @param series name and labels, as Prometheus shows them; one that is not there fails the test */
export const valueOf = async (operationsUrl: string, series: string): Promise<number> => {
  const found = (await scrape(operationsUrl)).find(([name]) => name === series)
  assert.ok(found, `expected the series ${series}, got none of it`)
  return found[1]
}

/** Of all series of this name, whatever their labels. */
export const sumOf = async (operationsUrl: string, name: string): Promise<number> =>
  (await scrape(operationsUrl))
    .filter(([series]) => series === name || series.startsWith(`${name}{`))
    .reduce((sum, [, value]) => sum + value, 0)
