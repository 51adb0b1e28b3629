import { DownOutlined, UpOutlined } from '@ant-design/icons'
import { Button, Input } from 'antd'
import { useTranslation } from 'react-i18next'
import { formatCount } from '@/shared/format/numbers'
import { SEARCH_FIELD } from '@/shared/ui/hotkeys'
import type { Search } from './useLogSearch'

/** `Enter` goes to the next match, with shift to the one before. */
export function LogSearch({ search }: { search: Search }) {
  const { t } = useTranslation('job')
  const count = search.matches?.offsets.length ?? 0
  return (
    <search className="px-row">
      <Input
        {...SEARCH_FIELD}
        allowClear
        style={{ width: 220 }}
        placeholder={t('logs.search')}
        aria-label={t('logs.search')}
        value={search.typed}
        onChange={(event) => search.setTyped(event.target.value)}
        onPressEnter={(event) => search.step(event.shiftKey ? -1 : 1)}
      />
      <Button
        icon={<UpOutlined />}
        aria-label={t('logs.previous')}
        disabled={count === 0}
        onClick={() => search.step(-1)}
      />
      <Button
        icon={<DownOutlined />}
        aria-label={t('logs.next')}
        disabled={count === 0}
        onClick={() => search.step(1)}
      />
      <Button onClick={() => search.setTyped('error')}>{t('logs.errors')}</Button>
      <span role="status" className="px-muted px-number">
        {search.matches && (count === 0 ? t('logs.noMatch') : told(search, count))}
      </span>
    </search>
  )
}

function told(search: Search, count: number): string {
  return `${formatCount(search.at + 1)} / ${formatCount(count)}${search.matches?.more ? '+' : ''}`
}
