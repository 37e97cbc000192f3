/** How much a profile may remember. */
export interface Capacity {
  readonly tools: number
  readonly after: number
  readonly afterTwo: number
  readonly resources: number
  readonly entities: number
  readonly met: number
  readonly parameters: number
  readonly values: number
  readonly origins: number
}

/** An agent's profile stays below 16 KiB as JSON, whatever its sessions do. */
export const agentCapacity: Capacity = {
  tools: 48,
  after: 96,
  afterTwo: 128,
  resources: 128,
  entities: 208,
  met: 448,
  parameters: 96,
  values: 448,
  origins: 160,
}

/** Of roles and of everyone nobody asks in which order tools are used, nor what an agent uses as a matter of course. */
export const poolCapacity: Capacity = {
  tools: 256,
  after: 0,
  afterTwo: 0,
  resources: 1024,
  entities: 0,
  met: 8192,
  parameters: 0,
  values: 4096,
  origins: 1024,
}
