import { Input } from 'antd'
import type { TFunction } from 'i18next'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { formatCount } from '@/shared/format/numbers'
import { isFault, readPasted } from './pasted'

interface Props {
  value: string
  disabled: boolean
  onChange: (text: string) => void
}

/** Sequences as text, checked while they are typed. */
export function PasteField({ value, disabled, onChange }: Props) {
  const { t } = useTranslation('models')
  const id = useId()
  const isWrong = isFault(readPasted(value))
  return (
    <>
      <label htmlFor={id}>
        {t('predict.paste')}
        <Input.TextArea
          id={id}
          rows={8}
          spellCheck={false}
          disabled={disabled}
          placeholder={t('predict.pasteHint')}
          status={isWrong ? 'error' : ''}
          aria-invalid={isWrong}
          aria-describedby={`${id}-state`}
          style={{ fontFamily: 'var(--ant-font-family-code)', margin: '4px 0' }}
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      </label>
      <span id={`${id}-state`} role="status" className={isWrong ? undefined : 'px-muted'}>
        {stateWords(value, t)}
      </span>
    </>
  )
}

function stateWords(text: string, t: TFunction<'models'>): string {
  const read = readPasted(text)
  if (isFault(read)) return t('predict.bad', { ...read })
  return read.records.length > 0 ? t('predict.count', { n: formatCount(read.records.length) }) : t('predict.pasteHelp')
}
