import type { TFunction } from 'i18next'
import type { Curve } from '@/shared/api/wire'
import { axisStyle, tooltipStyle } from '@/shared/charts/axes'
import type { ChartOption } from '@/shared/charts/echarts'
import { formatCount, formatMetric } from '@/shared/format/numbers'
import { formatDuration } from '@/shared/format/times'
import { type Mode, SERIES } from '@/shared/theme/colors'
import type { Look } from './look'
import { smooth } from './smooth'

/** Curves over steps, or over the time since the first point of any of them. */
export function curveOption(curves: readonly Curve[], look: Look, mode: Mode, t: TFunction<'job'>): ChartOption {
  const begin = Math.min(...curves.flatMap((curve) => curve.times.slice(0, 1)))
  const at = (curve: Curve, index: number) =>
    look.x === 'step' ? (curve.steps[index] ?? 0) : ((curve.times[index] ?? begin) - begin) * 1000
  const sayX = (x: number) => (look.x === 'step' ? formatCount(x) : formatDuration(x))
  const colors = SERIES[mode]
  const pairs = (curve: Curve, values: readonly number[]) =>
    values.map((value, index) => [at(curve, index), look.isLog && value <= 0 ? null : value])
  const line = (curve: Curve, index: number, values: readonly number[], faint: boolean) => ({
    type: 'line' as const,
    name: curve.key,
    data: pairs(curve, values),
    showSymbol: values.length < 3,
    symbolSize: 5,
    sampling: 'lttb' as const,
    silent: faint,
    tooltip: { show: !faint },
    lineStyle: { width: faint ? 1 : 1.6, opacity: faint ? 0.3 : 1 },
    itemStyle: { color: colors[index % colors.length] },
    emphasis: { disabled: true },
  })
  return {
    grid: { left: 8, right: 16, top: 12, bottom: 4, containLabel: true },
    tooltip: {
      ...tooltipStyle(mode),
      trigger: 'axis',
      order: 'valueDesc',
      valueFormatter: (value: unknown) => (typeof value === 'number' ? formatMetric(value) : '–'),
      axisPointer: {
        label: { formatter: ({ value }: { value: number }) => `${t(`metrics.${look.x}`)} ${sayX(value)}` },
      },
    },
    xAxis: {
      ...axisStyle(mode),
      type: 'value',
      min: 'dataMin',
      max: 'dataMax',
      axisLabel: { ...axisStyle(mode).axisLabel, formatter: sayX },
    },
    yAxis: {
      ...axisStyle(mode),
      type: look.isLog ? 'log' : 'value',
      scale: true,
      axisLabel: { ...axisStyle(mode).axisLabel, formatter: formatMetric },
    },
    dataZoom: [{ type: 'inside', zoomOnMouseWheel: 'ctrl', moveOnMouseWheel: false }],
    series: curves.flatMap((curve, index) => [
      ...(look.smoothing > 0 ? [line(curve, index, curve.values, true)] : []),
      line(curve, index, smooth(curve.values, look.smoothing), false),
    ]),
  }
}
