import type { DeclaredMetric } from './declared-metric.ts'

/** docs/metrics.md: a table for each service, one row for each metric. */
export const metricPage = (metrics: readonly DeclaredMetric[]): string => {
  const services = [...new Set(metrics.map(({ service }) => service))].toSorted()
  return [
    '<!-- Generated from the declarations in services/*/src by `npm run metrics`. Do not edit. -->',
    '# Metrics',
    [
      'What each service counts and measures, at `/metrics` of its operations port in the Prometheus text format. Every series of a label is',
      'there from the start, at 0, so that a scrape shows its values; ids never become labels. A histogram has `_bucket`, `_sum` and `_count`. Beside',
      "these stand the Node.js process's own (`process_*`, `nodejs_*`). What a counter says about a fault is in [faults and bad input](faults.md).",
    ].join('\n'),
    ...services.flatMap(service => [
      `## ${service[0]!.toUpperCase()}${service.slice(1)}`,
      [
        row(['metric', 'kind', 'labels', 'says']),
        row(['---', '---', '---', '---']),
        ...metrics
          .filter(metric => metric.service === service)
          .toSorted((a, b) => (a.name < b.name ? -1 : 1))
          .map(({ name, kind, labels, help }) =>
            row([`\`${name}\``, kind, labels.map(label => `\`${label}\``).join(', '), help]),
          ),
      ].join('\n'),
    ]),
    '',
  ].join('\n\n')
}

const row = (cells: readonly string[]): string =>
  `| ${cells.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |`
