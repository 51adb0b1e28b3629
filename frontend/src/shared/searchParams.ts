type Raw = Record<string, unknown>

/** Search parameters come from whoever wrote the link: what does not fit is as if it weren't there. */
export function text(raw: Raw, key: string): string | undefined {
  const value = raw[key]
  if (typeof value === 'string' && value) return value
  return typeof value === 'number' ? String(value) : undefined
}

export function oneOf<Value extends string>(raw: Raw, key: string, allowed: readonly Value[]): Value | undefined {
  return allowed.find((one) => one === raw[key])
}

export function someOf<Value extends string>(raw: Raw, key: string, allowed: readonly Value[]): Value[] | undefined {
  const value = raw[key]
  const given = Array.isArray(value) ? value : [value]
  const known = allowed.filter((one) => given.includes(one))
  return known.length ? known : undefined
}

export function texts(raw: Raw, key: string): string[] | undefined {
  const value = raw[key]
  const given = (Array.isArray(value) ? value : [value]).filter(
    (one): one is string => typeof one === 'string' && one !== '',
  )
  return given.length ? given : undefined
}

export function whole(raw: Raw, key: string): number | undefined {
  const value = Number(raw[key])
  return raw[key] !== undefined && Number.isInteger(value) && value >= 0 ? value : undefined
}
