import type { Registry } from 'prom-client'
import { Counter as PromCounter, Gauge as PromGauge, Histogram as PromHistogram } from 'prom-client'

import type {
  Counter,
  CounterSpec,
  Gauge,
  GaugeSpec,
  Histogram,
  HistogramSpec,
  LabelArguments,
  LabelSpec,
} from './metric.ts'

/** Makes metrics; each is registered once, with all its series at 0. */
export interface Metrics {
  counter<const Labels extends LabelSpec>(spec: CounterSpec<Labels>): Counter<Labels>
  gauge<const Labels extends LabelSpec>(spec: GaugeSpec<Labels>): Gauge<Labels>
  histogram<const Labels extends LabelSpec>(spec: HistogramSpec<Labels>): Histogram<Labels>
}

// From what a local decision takes to the longest wait that any limit allows.
const defaultBuckets = [0.0005, 0.001, 0.002, 0.004, 0.008, 0.015, 0.03, 0.06, 0.125, 0.25, 0.5, 1, 2, 5, 10]

/** @param service becomes part of each name: `cordon_<service>_…` */
export const createMetrics = (service: string, registry: Registry): Metrics => {
  const common = ({
    name,
    help,
    labels,
  }: {
    name: string
    help: string
    labels?: LabelSpec
  }): CommonOptions => ({
    name: `cordon_${service}_${name}`,
    help,
    labelNames: Object.keys(labels ?? {}),
    registers: [registry],
  })

  return {
    counter: spec => {
      const counter = new PromCounter(common(spec))
      for (const labels of combinations(spec.labels)) counter.inc(labels, 0)
      return { add: (amount, ...labels) => counter.inc(labelsOf(labels), amount) }
    },
    gauge: spec => {
      const { read } = spec
      const collect = read && { collect: (): void => gauge.set(read()) }
      const gauge = new PromGauge({ ...common(spec), ...collect })
      for (const labels of combinations(spec.labels)) gauge.set(labels, 0)
      return { set: (value, ...labels) => gauge.set(labelsOf(labels), value) }
    },
    histogram: spec => {
      const buckets = [...(spec.buckets ?? defaultBuckets)]
      const histogram = new PromHistogram({ ...common(spec), buckets })
      for (const labels of combinations(spec.labels)) histogram.zero(labels)
      return { observe: (value, ...labels) => histogram.observe(labelsOf(labels), value) }
    },
  }
}

interface CommonOptions {
  readonly name: string
  readonly help: string
  readonly labelNames: string[]
  readonly registers: Registry[]
}

type LabelValues = Record<string, string>

const labelsOf = <Labels extends LabelSpec>(labels: LabelArguments<Labels>): LabelValues =>
  labels[0] ?? noLabels

const noLabels: LabelValues = {}

/** Every series that the labels allow. */
const combinations = (labels: LabelSpec = {}): LabelValues[] =>
  Object.entries(labels).reduce<LabelValues[]>(
    (series, [label, values]) => series.flatMap(known => values.map(value => ({ ...known, [label]: value }))),
    [{}],
  )
