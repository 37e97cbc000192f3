import { readFileSync, writeFileSync } from 'node:fs'

// npm writes only those platform packages into the lock file that the registry at hand offers, and `npm ci` then refuses
// the file because the others are missing. This adds them, so that the same lock file works with every registry: a
// package for another platform is never fetched, it only has to be named.

interface LockedPackage {
  readonly version?: string
  readonly optionalDependencies?: Readonly<Record<string, string>>
  readonly optional?: boolean
  readonly os?: readonly string[]
  readonly cpu?: readonly string[]
  readonly libc?: readonly string[]
}

const systems: Readonly<Record<string, string>> = {
  android: 'android',
  darwin: 'darwin',
  freebsd: 'freebsd',
  linux: 'linux',
  openharmony: 'openharmony',
  win32: 'win32',
  windows: 'win32',
}
const processors: Readonly<Record<string, string>> = {
  64: 'x64',
  arm: 'arm',
  arm64: 'arm64',
  ia32: 'ia32',
  ppc64: 'ppc64',
  riscv64: 'riscv64',
  s390x: 's390x',
  x64: 'x64',
}
const libraries: Readonly<Record<string, string>> = { gnu: 'glibc', musl: 'musl' }

/** What a package's name says of its platform; `undefined` where it says nothing. */
export const platformOf = (name: string): Pick<LockedPackage, 'os' | 'cpu' | 'libc'> | undefined => {
  const words = name.slice(name.indexOf('/') + 1).split('-')
  const found = (table: Readonly<Record<string, string>>): string[] =>
    words.flatMap(word => (Object.hasOwn(table, word) ? [table[word]!] : []))
  const [os, cpu, libc] = [found(systems), found(processors), found(libraries)]
  if (os.length !== 1 || cpu.length !== 1) return undefined
  return { os, cpu, ...(libc.length === 1 && { libc }) }
}

/** The packages of a lock file with every optional platform package named. */
export const completePackages = (
  packages: Readonly<Record<string, LockedPackage>>,
): Record<string, LockedPackage> => {
  const completed: Record<string, LockedPackage> = { ...packages }
  for (const [path, { optionalDependencies = {} }] of Object.entries(packages)) {
    if (!path.includes('node_modules/')) continue
    for (const [name, version] of Object.entries(optionalDependencies)) {
      const platform = platformOf(name)
      const place = `${folderOf(path)}/${name}`
      if (platform === undefined || completed[place] !== undefined) continue
      completed[place] = { version, ...platform, optional: true }
    }
  }
  return Object.fromEntries(Object.entries(completed).sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** The `node_modules` that a package lies in: what stands beside it, it finds. */
const folderOf = (path: string): string =>
  path.slice(0, path.lastIndexOf('node_modules/') + 'node_modules'.length)

if (import.meta.main) {
  const file = new URL('../package-lock.json', import.meta.url)
  const lock = JSON.parse(readFileSync(file, 'utf8')) as { packages: Record<string, LockedPackage> }
  const packages = completePackages(lock.packages)
  writeFileSync(file, `${JSON.stringify({ ...lock, packages }, null, 2)}\n`)
  console.log(
    `package-lock.json: ${Object.keys(packages).length - Object.keys(lock.packages).length} packages of other platforms named`,
  )
}
