import type { Dimension, SweepDetail, TrialView } from '@/shared/api/wire'
import { axisStyle, tooltipStyle } from '@/shared/charts/axes'
import type { ChartOption } from '@/shared/charts/echarts'
import { formatMetric } from '@/shared/format/numbers'
import { type Mode, PALETTES, SERIES } from '@/shared/theme/colors'
import { better, completeOf, sayPoint } from '../values'

/** A line for each complete trial through its settings to its value; axes can be brushed. */
export function parallelOption(sweep: SweepDetail, mode: Mode): ChartOption {
  const colors = PALETTES[mode]
  const trials = completeOf(sweep)
  const keys = Object.keys(sweep.request.space)
  const values = trials.map((trial) => trial.value ?? 0)
  const [low, high] = [Math.min(...values), Math.max(...values)]
  const ramp = [SERIES[mode][0], SERIES[mode][1]] as [string, string]
  return {
    parallel: {
      left: 40,
      right: 90,
      top: 40,
      bottom: 20,
      parallelAxisDefault: {
        axisLine: { lineStyle: { color: colors.border } },
        axisLabel: { color: colors.muted },
        nameTextStyle: { color: colors.text },
      },
    },
    parallelAxis: [
      ...keys.map((key, dim) => ({ dim, name: key, ...axisOf(sweep.request.space[key] ?? {}) })),
      { dim: keys.length, name: sweep.metric, type: 'value', scale: true },
    ],
    visualMap: {
      show: false,
      dimension: keys.length,
      min: low,
      max: high > low ? high : low + 1,
      inRange: { color: sweep.direction === 'minimize' ? [...ramp].reverse() : ramp },
    },
    series: [
      {
        type: 'parallel',
        lineStyle: { width: 1.5, opacity: 0.7 },
        data: trials.map((trial) => [...keys.map((key) => cell(sweep.request.space[key], trial, key)), trial.value]),
      },
    ],
  }
}

function axisOf(dimension: Dimension): Record<string, unknown> {
  if (dimension.values) return { type: 'category', data: dimension.values.map(String) }
  return { type: dimension.log ? 'log' : 'value', min: dimension.low, max: dimension.high }
}

function cell(dimension: Dimension | undefined, trial: TrialView, key: string): unknown {
  const value = trial.point[key]
  return dimension?.values ? String(value) : value
}

/** Each trial's value in the order in which they were made, and the best so far. */
export function historyOption(sweep: SweepDetail, mode: Mode, words: { best: string; trial: string }): ChartOption {
  const trials = completeOf(sweep)
  const best: [number, number][] = []
  for (const { number, value } of trials) {
    const before = best.at(-1)?.[1]
    best.push([number, before === undefined ? (value ?? 0) : better(sweep, before, value ?? before)])
  }
  const points = new Map(trials.map((trial) => [trial.number, trial.point]))
  return {
    grid: { left: 8, right: 16, top: 12, bottom: 4, containLabel: true },
    tooltip: {
      ...tooltipStyle(mode),
      trigger: 'item',
      formatter: ({ value: [number, value] }: { value: [number, number] }) =>
        `${words.trial} ${number}: ${formatMetric(value)}<br>${escaped(sayPoint(points.get(number) ?? {}))}`,
    },
    xAxis: { ...axisStyle(mode), type: 'value', minInterval: 1, name: words.trial, nameLocation: 'end' },
    yAxis: {
      ...axisStyle(mode),
      type: 'value',
      scale: true,
      axisLabel: { ...axisStyle(mode).axisLabel, formatter: formatMetric },
    },
    series: [
      { type: 'scatter', symbolSize: 7, data: trials.map(({ number, value }) => [number, value]) },
      { type: 'line', name: words.best, step: 'end', showSymbol: false, data: best, silent: true },
    ],
  }
}

/** Tooltips are markup, and values come from people. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
