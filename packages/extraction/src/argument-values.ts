const maxValues = 256

/**
 * The values at an argument: a name, or a path of names joined by dots; a list on the way, or at its end, stands for each
 * of its items. Absent arguments have none.
 */
export const argumentValues = (
  args: Readonly<Record<string, unknown>>,
  argument: string,
): readonly unknown[] => {
  const path = Object.hasOwn(args, argument) ? [argument] : argument.split('.')
  let values: unknown[] = [args]
  for (const name of path) values = flatten(values.map(value => memberOf(value, name)))
  return values
}

const memberOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined

const flatten = (values: readonly unknown[]): unknown[] =>
  values
    .flat(1)
    .filter(value => value !== undefined && value !== null)
    .slice(0, maxValues + 1)
