// Fails when a first visit would load more than the budget: what index.html names, and what a page adds to it.
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

const KIB = 1024
const FIRST_LOAD = 320 * KIB
const PAGE = 450 * KIB

const dist = new URL('../dist/', import.meta.url)
const read = (name) => readFileSync(new URL(name, dist))
const gzip = (name) => gzipSync(read(name), { level: 9 }).length
const manifest = JSON.parse(read('.vite/manifest.json'))

function closure(key, found = new Set()) {
  const chunk = manifest[key]
  if (found.has(chunk.file)) return found
  found.add(chunk.file)
  for (const css of chunk.css ?? []) found.add(css)
  for (const next of chunk.imports ?? []) closure(next, found)
  return found
}

const sum = (files) => [...files].reduce((total, file) => total + gzip(file), 0)
const html = read('index.html').toString()
const named = new Set([...html.matchAll(/(?:src|href)="\/([^"]+\.(?:js|css))"/g)].map((match) => match[1]))
const entry = closure('index.html')
const first = sum(named)
let failed = first > FIRST_LOAD
const show = (bytes) => `${(bytes / KIB).toFixed(1).padStart(7)} KiB`
console.log(`${show(first)}  index.html and what it names (at most ${FIRST_LOAD / KIB})`)

const pages = Object.keys(manifest).filter((key) => manifest[key].isDynamicEntry)
const sizes = pages.map((key) => [
  key,
  sum(new Set([...closure(key)].filter((file) => !entry.has(file) || key === 'index.html'))),
])
for (const [key, size] of sizes.sort((a, b) => b[1] - a[1])) {
  const isPage = /\/pages\//.test(key)
  const over = isPage && first + size > PAGE
  failed ||= over
  console.log(`${show(size)}  ${key}${over ? `: with the first load over ${PAGE / KIB}` : ''}`)
}
if (failed) process.exit(1)
