import { send } from '@/shared/api/request'

/** The file's text, unpacked, and its format as the viewer calls it. */
export async function readStructure(url: string, filename: string, signal: AbortSignal) {
  const reply = await send(url, { signal })
  const isPacked = filename.toLowerCase().endsWith('.gz')
  const stream = isPacked ? reply.body?.pipeThrough(new DecompressionStream('gzip')) : reply.body
  const text = await new Response(stream).text()
  return { text, format: formatOf(text) }
}

export function formatOf(text: string): 'pdb' | 'cif' {
  return /^\s*(#.*\s+)*data_\S/.test(text) ? 'cif' : 'pdb'
}
