import { useQuery } from '@tanstack/react-query'
import { Alert, Button, Select } from 'antd'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { StructureView } from '@/shared/api/wire'
import { PALETTES } from '@/shared/theme/colors'
import { useMode } from '@/shared/theme/mode'
import { Answered } from '@/shared/ui/states'
import styles from './Structure.module.css'
import { COLORINGS, type Coloring, DRAWINGS, type Drawing, Scene } from './scene'
import { readStructure } from './structureText'

interface Props {
  url: string
  filename: string
  view: StructureView
  /** Shown alone; null is all. */
  chain: string | null
}

/** A structure that can be turned. Import it lazily: the library is large. */
export default function Viewer({ url, filename, view, chain }: Props) {
  const text = useQuery({
    queryKey: ['structure-text', url],
    queryFn: ({ signal }) => readStructure(url, filename, signal),
    staleTime: Number.POSITIVE_INFINITY,
  })
  return <Answered query={text}>{(content) => <Stage content={content} view={view} chain={chain} />}</Answered>
}

interface StageProps {
  content: { text: string; format: 'pdb' | 'cif' }
  view: StructureView
  chain: string | null
}

function Stage({ content, view, chain }: StageProps) {
  const { t } = useTranslation('data')
  const box = useRef<HTMLElement>(null)
  const scene = useRef<Scene>(null)
  const [drawing, setDrawing] = useState<Drawing>('cartoon')
  const [coloring, setColoring] = useState<Coloring>(view.confidence ? 'byConfidence' : 'byChain')
  const [failure, setFailure] = useState<string | null>(null)
  const background = PALETTES[useMode()].surface

  useEffect(() => {
    if (!box.current) return
    try {
      scene.current = new Scene(box.current, content.text, content.format)
    } catch (error) {
      setFailure(error instanceof Error ? error.message : String(error))
    }
    return () => {
      scene.current?.close()
      scene.current = null
    }
  }, [content])
  useEffect(() => scene.current?.draw({ drawing, coloring, chain, background }), [drawing, coloring, chain, background])

  const residues = view.chains.reduce((sum, one) => sum + one.sequence.length, 0)
  const colorings = COLORINGS.filter((one) =>
    one === 'byBfactor' ? !view.confidence : one !== 'byConfidence' || view.confidence,
  )
  return (
    <div className="px-stack" style={{ gap: 8 }}>
      <div className="px-row">
        <Choice label={t('structure.style')} value={drawing} values={DRAWINGS} onChange={setDrawing} />
        <Choice label={t('structure.color')} value={coloring} values={colorings} onChange={setColoring} />
        <Button onClick={() => scene.current?.reset()}>{t('structure.reset')}</Button>
      </div>
      {failure && <Alert type="error" showIcon title={t('structure.failed')} description={failure} />}
      <section
        ref={box}
        className={styles.stage}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard turns it
        tabIndex={0}
        aria-label={t('structure.viewer', { name: view.name, chains: view.chains.length, residues })}
        onKeyDown={(event: KeyboardEvent) => {
          if (scene.current?.press(event.key)) event.preventDefault()
        }}
      />
      <p className="px-muted" style={{ margin: 0 }}>
        {t('structure.keys')} {view.confidence && t('structure.bands')}
      </p>
    </div>
  )
}

interface ChoiceProps<Value extends string> {
  label: string
  value: Value
  values: readonly Value[]
  onChange: (value: Value) => void
}

function Choice<Value extends Drawing | Coloring>({ label, value, values, onChange }: ChoiceProps<Value>) {
  const { t } = useTranslation('data')
  return (
    <Select<Value>
      aria-label={label}
      style={{ minWidth: 150 }}
      value={value}
      options={values.map((one) => ({ value: one, label: t(`structure.${one as Drawing | Coloring}`) }))}
      onChange={onChange}
    />
  )
}
