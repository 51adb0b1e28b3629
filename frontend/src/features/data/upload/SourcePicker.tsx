import { Button, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { DropZone } from '@/shared/upload/DropZone'

const PASTED = 'pasted.fasta'

/** A file, or text that is made one. */
export function SourcePicker({ onFile }: { onFile: (file: File) => void }) {
  const { t } = useTranslation(['data', 'common'])
  const [text, setText] = useState<string | null>(null)
  if (text === null) {
    return (
      <div className="px-stack">
        <DropZone title={t('send.drop')} hint={t('send.dropHint')} onFile={onFile} />
        <div className="px-row">
          <Button onClick={() => setText('')}>{t('send.paste')}</Button>
          <span className="px-muted">{t('send.resume')}</span>
        </div>
      </div>
    )
  }
  return (
    <div className="px-stack">
      <Input.TextArea
        autoFocus
        rows={10}
        spellCheck={false}
        aria-label={t('send.pasteLabel')}
        placeholder={t('send.pasteHint')}
        style={{ fontFamily: 'var(--ant-font-family-code)' }}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <div className="px-row">
        <Button type="primary" disabled={!text.trim()} onClick={() => onFile(new File([text.trim(), '\n'], PASTED))}>
          {t('common:action.next')}
        </Button>
        <Button onClick={() => setText(null)}>{t('send.file')}</Button>
      </div>
    </div>
  )
}
