import { RiskError } from '../risk-error.ts'

/** A value of a JSON document that knows where it stands, so that a problem names its place. */
export class JsonField {
  readonly #value: unknown
  readonly #place: string

  constructor(value: unknown, place: string) {
    this.#value = value
    this.#place = place
  }

  /** @throws RiskError `BASELINES_MALFORMED` where it is no JSON */
  static parse(text: string, place: string): JsonField {
    try {
      return new JsonField(JSON.parse(text) as unknown, place)
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error
      throw new RiskError(
        'BASELINES_MALFORMED',
        `${place}: expected JSON, got ${text.length} characters of something else`,
      )
    }
  }

  field(name: string): JsonField {
    return new JsonField(this.#object()[name], `${this.#place}.${name}`)
  }

  /** A member that older documents do not have. */
  optional(name: string): JsonField | undefined {
    const value = this.#object()[name]
    return value === undefined ? undefined : new JsonField(value, `${this.#place}.${name}`)
  }

  /** Of a list of fixed length. */
  item(position: number, length: number): JsonField {
    if (!Array.isArray(this.#value) || this.#value.length !== length)
      throw this.problem(`a list of ${length}`)
    return new JsonField(this.#value[position], `${this.#place}[${position}]`)
  }

  /** Whether it is a list of that length. */
  hasLength(length: number): boolean {
    return Array.isArray(this.#value) && this.#value.length === length
  }

  list<Item>(parse: (item: JsonField) => Item): Item[] {
    if (!Array.isArray(this.#value)) throw this.problem('a list')
    return this.#value.map((item, position) => parse(new JsonField(item, `${this.#place}[${position}]`)))
  }

  /** @param names that may occur; any where none are given */
  record<Item>(parse: (item: JsonField) => Item, names?: readonly string[]): Record<string, Item> {
    return Object.fromEntries(
      Object.entries(this.#object()).map(([name, item]) => {
        const field = new JsonField(item, `${this.#place}[${JSON.stringify(name)}]`)
        if (names !== undefined && !names.includes(name))
          throw new RiskError(
            'BASELINES_MALFORMED',
            `${this.#place}: expected one of ${names.join(', ')}, got ${JSON.stringify(name)}`,
          )
        return [name, parse(field)]
      }),
    )
  }

  text(): string {
    if (typeof this.#value !== 'string') throw this.problem('a text')
    return this.#value
  }

  oneOf<const Word extends string | boolean>(words: readonly Word[]): Word {
    const found = words.find(word => word === this.#value)
    if (found === undefined) throw this.problem(`one of ${words.join(', ')}`)
    return found
  }

  /** A whole number from 0. */
  count(): number {
    if (!Number.isSafeInteger(this.#value) || (this.#value as number) < 0)
      throw this.problem('a whole number from 0')
    return this.#value as number
  }

  /** A whole number of 32 bits. */
  key(): number {
    if (!Number.isSafeInteger(this.#value) || (this.#value as number) !== ((this.#value as number) | 0))
      throw this.problem('a whole number of 32 bits')
    return this.#value as number
  }

  /** A number from 0. */
  amount(): number {
    if (typeof this.#value !== 'number' || !(this.#value >= 0 && this.#value < Infinity))
      throw this.problem('a number from 0')
    return this.#value
  }

  position(from: number, below: number): number {
    const value = this.#value
    if (!Number.isSafeInteger(value) || (value as number) < from || (value as number) >= below)
      throw this.problem(`a whole number from ${from} and below ${below}`)
    return value as number
  }

  problem(expected: string): RiskError {
    return new RiskError(
      'BASELINES_MALFORMED',
      `${this.#place}: expected ${expected}, got ${shown(this.#value)}`,
    )
  }

  #object(): Readonly<Record<string, unknown>> {
    if (typeof this.#value !== 'object' || this.#value === null || Array.isArray(this.#value))
      throw this.problem('an object')
    return this.#value as Readonly<Record<string, unknown>>
  }
}

const shown = (value: unknown): string => {
  if (value === undefined) return 'nothing'
  if (Array.isArray(value)) return `a list of ${value.length}`
  if (typeof value === 'object' && value !== null) return 'an object'
  const text = JSON.stringify(value)
  return text.length <= 40 ? text : `${text.slice(0, 40)}…`
}
