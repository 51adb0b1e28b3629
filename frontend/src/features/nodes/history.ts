import type { GpuSample, NodeHistoryPoint, NodeInfo } from '@/shared/api/wire'
import { axisStyle, tooltipStyle } from '@/shared/charts/axes'
import type { ChartOption } from '@/shared/charts/echarts'
import { formatBytes } from '@/shared/format/numbers'
import { localeTag } from '@/shared/i18n'
import type { Mode } from '@/shared/theme/colors'

export type Quantity = 'cpu' | 'memory' | 'disk' | 'gpuUtilization' | 'gpuMemory' | 'gpuTemperature' | 'gpuPower'

export interface Line {
  name: string
  /** [milliseconds since 1970, value]; null where nothing was known. */
  points: [number, number | null][]
}

interface ChartLines {
  quantity: Quantity
  lines: Line[]
}

const OF_GPU: [Quantity, (sample: GpuSample) => number | null | undefined][] = [
  ['gpuUtilization', (sample) => sample.utilization],
  ['gpuMemory', (sample) => sample.memory_used_bytes],
  ['gpuTemperature', (sample) => sample.temperature_c],
  ['gpuPower', (sample) => sample.power_w],
]

/** What there is to draw; a node without GPUs has no charts of them. */
export function linesOf(points: readonly NodeHistoryPoint[], info: NodeInfo): ChartLines[] {
  const line = (name: string, value: (point: NodeHistoryPoint) => number | null | undefined): Line => ({
    name,
    points: points.map((point) => [Date.parse(point.at), value(point) ?? null]),
  })
  const gpus = info.gpus ?? []
  const ofGpus = OF_GPU.map(([quantity, value]) => ({
    quantity,
    lines: gpus.map((gpu) =>
      line(`GPU ${gpu.index}`, ({ sample }) => {
        const found = sample.gpus?.find((one) => one.uuid === gpu.uuid)
        return found && value(found)
      }),
    ),
  }))
  const charts: ChartLines[] = [
    ...ofGpus,
    { quantity: 'cpu', lines: [line('CPU', ({ sample }) => sample.cpu_percent)] },
    { quantity: 'memory', lines: [line('RAM', ({ sample }) => sample.memory_used_bytes)] },
    { quantity: 'disk', lines: [line('Disk', ({ sample }) => sample.disk_free_bytes)] },
  ]
  return charts.filter(({ lines }) => lines.some(({ points: all }) => all.some(([, value]) => value !== null)))
}

function say(quantity: Quantity, value: number): string {
  switch (quantity) {
    case 'cpu':
    case 'gpuUtilization':
      return `${Math.round(value)} %`
    case 'gpuTemperature':
      return `${Math.round(value)} °C`
    case 'gpuPower':
      return `${Math.round(value)} W`
    default:
      return formatBytes(value)
  }
}

/** A line's last value in words. */
export function told(quantity: Quantity, { name, points }: Line): string {
  const value = points.findLast(([, one]) => one !== null)?.[1]
  return `${name}: ${value == null ? '–' : say(quantity, value)}`
}

export function historyOption(quantity: Quantity, lines: readonly Line[], mode: Mode): ChartOption {
  const axis = axisStyle(mode)
  const isPart = quantity === 'cpu' || quantity === 'gpuUtilization'
  return {
    grid: { left: 8, right: 12, top: lines.length > 1 ? 28 : 12, bottom: 4, containLabel: true },
    legend:
      lines.length > 1
        ? { top: 0, textStyle: { color: axis.axisLabel.color }, icon: 'roundRect', itemHeight: 8 }
        : { show: false },
    tooltip: {
      ...tooltipStyle(mode),
      trigger: 'axis',
      valueFormatter: (value: unknown) => (typeof value === 'number' ? say(quantity, value) : '–'),
    },
    xAxis: {
      ...axis,
      type: 'time',
      axisLabel: { ...axis.axisLabel, formatter: (at: number) => sayTime(at) },
      splitLine: { show: false },
    },
    yAxis: {
      ...axis,
      type: 'value',
      min: 0,
      ...(isPart ? { max: 100 } : {}),
      axisLabel: { ...axis.axisLabel, formatter: (value: number) => say(quantity, value) },
    },
    series: lines.map(({ name, points }) => ({
      type: 'line',
      name,
      data: points,
      showSymbol: points.length < 3,
      connectNulls: false,
      lineStyle: { width: 1.5 },
      emphasis: { disabled: true },
    })),
  }
}

function sayTime(at: number): string {
  return new Intl.DateTimeFormat(localeTag(), { hour: '2-digit', minute: '2-digit' }).format(at)
}
