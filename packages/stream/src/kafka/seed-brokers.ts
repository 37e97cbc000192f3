/** First brokers to ask, under names that kafkajs can take apart. */
export interface SeedBrokers {
  /** `name:port` each. */
  readonly named: readonly string[]
  /** The addresses behind names that are no host names. */
  readonly addresses: ReadonlyMap<string, string>
}

const bracketed = /^\[(?<address>[^\]]+)\]:(?<port>\d+)$/v

/** kafkajs cuts `host:port` at the first colon, which an IPv6 address in brackets does not survive. */
export const nameSeeds = (brokers: readonly string[]): SeedBrokers => {
  const addresses = new Map<string, string>()
  const named = brokers.map((broker, index) => {
    const { address, port } = bracketed.exec(broker)?.groups ?? {}
    if (address === undefined) return broker
    const name = `seed-${index}`
    addresses.set(name, address)
    return `${name}:${port}`
  })
  return { named, addresses }
}
