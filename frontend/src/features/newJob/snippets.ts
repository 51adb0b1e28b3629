import type { JobCreate } from '@/shared/api/wire'

const GIB = 1024 ** 3
const HOUR = 3600

/** A word as a POSIX shell takes it. */
export function shellWord(text: string): string {
  return /^[A-Za-z0-9_./:=@%+,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}

/** The same job as a `px` command; what is the command's own default is left out. */
export function pxCommand(request: JobCreate): string {
  const words = ['px', 'submit', request.project, ...(request.overrides ?? []).map(shellWord)]
  const option = (name: string, value: unknown, normal: unknown) => {
    if (value !== null && value !== undefined && value !== normal) words.push(name, shellWord(String(value)))
  }
  const pairs = (name: string, values: Record<string, string> | undefined) => {
    for (const [key, value] of Object.entries(values ?? {})) words.push(name, shellWord(`${key}=${value}`))
  }
  const needs = request.resources ?? {}
  option('--entry-point', request.entry_point, 'main')
  pairs('-i', request.inputs)
  pairs('-P', request.parameters)
  option('--gpus', needs.gpus, 0)
  option('--gpu-memory', size(needs.gpu_memory), '0')
  option('--cpus', needs.cpus, 1)
  option('--memory', size(needs.memory), '1G')
  option('--nodes', needs.nodes, 1)
  option('--time-limit', request.time_limit === null ? 'none' : hours(request.time_limit), '168h')
  option('--name', request.name, null)
  option('--experiment', request.experiment, 'default')
  pairs('--tag', request.tags)
  option('--notes', request.notes, '')
  option('--priority', request.priority, 0)
  option('--max-attempts', request.max_attempts, 5)
  option('--register', request.register_as, null)
  option('--environment', request.environment, 'auto')
  if (request.warm_start === false) words.push('--cold')
  option('--snapshot', request.snapshot, null)
  return words.join(' ')
}

function size(bytes: number | undefined): string {
  if (!bytes) return '0'
  return bytes % GIB === 0 ? `${bytes / GIB}G` : `${Math.round(bytes / 1024 ** 2)}M`
}

function hours(seconds: number | undefined): string | undefined {
  if (seconds === undefined) return undefined
  return seconds % HOUR === 0 ? `${seconds / HOUR}h` : `${seconds}s`
}

/** The same job from a notebook, signed in by `px login`. */
export function notebook(request: JobCreate): string {
  const given = Object.fromEntries(Object.entries(request).filter(([, value]) => !isEmpty(value)))
  return [
    'from proteinx.client import connect',
    'from proteinx.contracts.jobs import JobCreate',
    '',
    'with connect() as lab:  # after `px login`',
    `    job = lab.jobs.create(JobCreate.model_validate(${python(given, 1)}))`,
    '    for message in lab.follow(job.id):',
    '        print(getattr(message, "text", message.type), end="")',
  ].join('\n')
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === '') return true
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0
}

function python(value: unknown, depth: number): string {
  if (value === null || value === undefined) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (typeof value !== 'object') return JSON.stringify(value)
  const inner = '    '.repeat(depth + 1)
  const end = `\n${'    '.repeat(depth)}`
  if (Array.isArray(value)) {
    return value.length ? `[\n${value.map((one) => `${inner}${python(one, depth + 1)},`).join('\n')}${end}]` : '[]'
  }
  const rows = Object.entries(value).map(([key, one]) => `${inner}${JSON.stringify(key)}: ${python(one, depth + 1)},`)
  return rows.length ? `{\n${rows.join('\n')}${end}}` : '{}'
}
