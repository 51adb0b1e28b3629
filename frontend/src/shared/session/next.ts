/** Where to go after signing in: a path of the portal's own, so that a link can't lead elsewhere. */
export function safeNext(next: string | undefined): string {
  return next?.startsWith('/') && !next.startsWith('//') && !next.startsWith('/\\') ? next : '/'
}
