/** The labels of a metric, each with every value that it can take. Ids never become labels. */
export type LabelSpec = Readonly<Record<string, readonly string[]>>

/** One value for each label; nothing where the metric has no labels (`Counter<LabelSpec>`). */
export type LabelArguments<Labels extends LabelSpec> = string extends keyof Labels
  ? readonly []
  : readonly [labels: { readonly [Label in keyof Labels]: Labels[Label][number] }]

/** What a gauge counts: base units, as Prometheus asks for, or things. */
export type Unit =
  'seconds' | 'bytes' | 'ratio' | 'records' | 'requests' | 'sessions' | 'connections' | 'partitions' | 'info'

interface MetricSpec<Name extends string, Labels extends LabelSpec> {
  /** `<thing>_<unit>[_total]`; `cordon_<service>_` comes before it. */
  readonly name: Name
  readonly help: string
  readonly labels?: Labels
}

/** `name`: `decisions_published_total`, `request_bytes_total`. */
export type CounterSpec<Labels extends LabelSpec> = MetricSpec<`${string}_total`, Labels>

export interface Counter<Labels extends LabelSpec> {
  /** @param amount 0 or more */
  add(amount: number, ...labels: LabelArguments<Labels>): void
}

/** `name`: `table_staleness_seconds`. */
export interface GaugeSpec<Labels extends LabelSpec> extends MetricSpec<`${string}_${Unit}`, Labels> {
  /** Asked on each scrape, instead of `set`; only for gauges without labels. */
  readonly read?: () => number
}

export interface Gauge<Labels extends LabelSpec> {
  set(value: number, ...labels: LabelArguments<Labels>): void
}

/** `name`: `gate_wait_seconds`. */
export interface HistogramSpec<Labels extends LabelSpec> extends MetricSpec<
  `${string}_${'seconds' | 'bytes' | 'records'}`,
  Labels
> {
  /** Upper bounds in the metric's unit, rising. */
  readonly buckets?: readonly number[]
}

export interface Histogram<Labels extends LabelSpec> {
  observe(value: number, ...labels: LabelArguments<Labels>): void
}
