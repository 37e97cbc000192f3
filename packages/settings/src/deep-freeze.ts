/** `Value`, and everything in it, for reading only. */
export type DeepReadonly<Value> = Value extends (...parameters: never[]) => unknown
  ? Value
  : Value extends object
    ? { readonly [Key in keyof Value]: DeepReadonly<Value[Key]> }
    : Value

/** Freezes a plain value and everything in it. */
export const deepFreeze = <Value>(value: Value): DeepReadonly<Value> => {
  if (typeof value === 'object' && value !== null) {
    for (const entry of Object.values(value)) deepFreeze(entry)
    Object.freeze(value)
  }
  return value as DeepReadonly<Value>
}
