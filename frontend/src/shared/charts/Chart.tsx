import { useEffect, useRef } from 'react'
import { PALETTES, SERIES } from '@/shared/theme/colors'
import { useMode } from '@/shared/theme/mode'
import { type ChartOption, echarts } from './echarts'

interface Props {
  option: ChartOption
  /** What the picture says, in words: canvas has none. */
  summary: string
  height?: number
  /** Charts of one group share one cursor. */
  group?: string
}

type Instance = ReturnType<typeof echarts.init>

/** A chart in the portal's colours. Import it lazily: the library is large. */
export default function Chart({ option, summary, height = 240, group }: Props) {
  const box = useRef<HTMLDivElement>(null)
  const chart = useRef<Instance>(null)
  const mode = useMode()

  useEffect(() => {
    if (!box.current) return
    const made = echarts.init(box.current)
    chart.current = made
    if (group) {
      made.group = group
      echarts.connect(group)
    }
    const observer = new ResizeObserver(() => made.resize())
    observer.observe(box.current)
    return () => {
      observer.disconnect()
      made.dispose()
    }
  }, [group])

  useEffect(() => {
    const colors = PALETTES[mode]
    chart.current?.setOption(
      {
        color: [...SERIES[mode]],
        textStyle: { color: colors.muted, fontFamily: 'inherit' },
        animation: false,
        ...option,
      },
      { notMerge: true, lazyUpdate: true },
    )
  }, [option, mode])

  return <div ref={box} role="img" aria-label={summary} style={{ height, width: '100%' }} />
}
