// Names every platform's variant of the native packages in package-lock.json. npm leaves out those that the registry it
// asked did not have at that moment, and `npm ci` then refuses the file. Run it after each change of the packages.
import { readFileSync, writeFileSync } from 'node:fs'

const path = new URL('../package-lock.json', import.meta.url)
const lock = JSON.parse(readFileSync(path))
const OS = ['android', 'aix', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32']
const CPU = ['arm64', 'arm', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'x64', 'wasm32']
const added = []

for (const [, entry] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const key = `node_modules/${name}`
    if (lock.packages[key]) continue
    const words = name.replaceAll('linuxmusl', 'linux-musl').split(/[/-]/)
    lock.packages[key] = {
      version: version.replace(/^[~^]/, ''),
      ...(entry.dev ? { dev: true } : {}),
      optional: true,
      os: OS.filter((os) => words.includes(os)),
      cpu: CPU.filter(
        (cpu) => words.includes(cpu) || (cpu === 'arm' && words.some((word) => /^arm(v7|hf|eabi|eabihf)?$/.test(word))),
      ),
    }
    for (const field of ['os', 'cpu']) if (lock.packages[key][field].length === 0) delete lock.packages[key][field]
    if (words.includes('musl') || words.includes('gnu'))
      lock.packages[key].libc = [words.includes('musl') ? 'musl' : 'glibc']
    added.push(name)
  }
}

const packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)))
writeFileSync(path, `${JSON.stringify({ ...lock, packages }, null, 2)}\n`)
console.log(added.length ? `added ${added.join(', ')}` : 'nothing was missing')
