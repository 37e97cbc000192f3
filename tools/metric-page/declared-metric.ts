/** A metric as a service declares it. */
export interface DeclaredMetric {
  /** Whose it is: the folder below `services/`. */
  readonly service: string
  /** As a scrape has it: `cordon_<service>_<thing>_<unit>[_total]`. */
  readonly name: string
  readonly kind: 'counter' | 'gauge' | 'histogram'
  readonly help: string
  /** In the order in which they are declared. */
  readonly labels: readonly string[]
}
