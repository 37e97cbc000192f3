/** How to reach a cluster. */
export interface KafkaClientSettings {
  /** `host:port` of one or more brokers. */
  readonly brokers: readonly string[]
  readonly clientId: string
  /** Stands before every topic, group and transactional id, so that deployments can share a cluster. */
  readonly topicPrefix: string
  /** Present, even empty: TLS. PEM texts. */
  readonly tls?:
    | {
        readonly ca?: string | undefined
        readonly cert?: string | undefined
        readonly key?: string | undefined
        readonly rejectUnauthorized?: boolean | undefined
      }
    | undefined
  readonly sasl?:
    | {
        /** `plain`, `scram-sha-256` or `scram-sha-512`, in either case. */
        readonly mechanism: string
        readonly username: string
        readonly password: string
      }
    | undefined
}
