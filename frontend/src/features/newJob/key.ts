/** Random, also on plain HTTP, where browsers keep `crypto.randomUUID` to themselves. */
export function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
