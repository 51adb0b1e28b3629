import { screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { useState } from 'react'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { DataTable } from '@/shared/ui/DataTable'
import { show } from '../render'

interface Row {
  id: string
  value: number
}

const ROWS = Array.from({ length: 10_000 }, (_, index) => ({ id: `row-${index}`, value: index }))

function Table({ rows, onOpen, onEnd }: { rows: Row[]; onOpen?: (row: Row) => void; onEnd?: () => void }) {
  const [selected, setSelected] = useState<Set<string>>(new Set())
  return (
    <>
      <p>chosen: {[...selected].join(' ')}</p>
      <DataTable
        label="rows"
        columns={[
          { key: 'id', title: 'Name', isName: true, render: (row: Row) => row.id },
          { key: 'value', title: 'Value', align: 'right', render: (row: Row) => row.value },
        ]}
        rows={rows}
        rowKey={(row) => row.id}
        rowName={(row) => row.id}
        selection={{ selected, onChange: setSelected }}
        {...(onOpen ? { onOpen } : {})}
        {...(onEnd ? { onEnd } : {})}
      />
    </>
  )
}

beforeEach(() => {
  // jsdom measures nothing: every row is as tall as it says.
  vi.spyOn(window, 'scrollTo').mockImplementation(() => undefined)
  vi.spyOn(HTMLElement.prototype, 'offsetHeight', 'get').mockReturnValue(37)
})

describe('a table', () => {
  it('of ten thousand rows has only those in sight in the page', () => {
    show(<Table rows={ROWS} />)
    const table = screen.getByRole('table', { name: 'rows' })
    expect(table).toHaveAttribute('aria-rowcount', '10001')
    const count = within(table).getAllByRole('row').length
    expect(count).toBeGreaterThan(5)
    expect(count).toBeLessThan(100)
    expect(screen.getByRole('rowheader', { name: 'row-0' })).toBeInTheDocument()
  })

  it('asks for more at its end', () => {
    const onEnd = vi.fn()
    show(<Table rows={ROWS.slice(0, 5)} onEnd={onEnd} />)
    expect(onEnd).toHaveBeenCalled()
  })

  it('selects one, and all that are there', async () => {
    show(<Table rows={ROWS.slice(0, 3)} />)
    await userEvent.click(screen.getByRole('checkbox', { name: 'Select row-1' }))
    expect(screen.getByText('chosen: row-1')).toBeInTheDocument()
    await userEvent.click(screen.getByRole('checkbox', { name: 'Select all shown' }))
    expect(screen.getByText('chosen: row-0 row-1 row-2')).toBeInTheDocument()
    await userEvent.click(screen.getByRole('checkbox', { name: 'Select all shown' }))
    expect(screen.getByText('chosen:')).toBeInTheDocument()
  })

  it('is walked, selected and opened by keys, which rest while one types', async () => {
    const onOpen = vi.fn()
    show(
      <>
        <input aria-label="field" />
        <Table rows={ROWS.slice(0, 3)} onOpen={onOpen} />
      </>,
    )
    await userEvent.keyboard('jjx{Enter}')
    expect(screen.getByText('chosen: row-1')).toBeInTheDocument()
    expect(onOpen).toHaveBeenCalledWith(ROWS[1])
    await userEvent.type(screen.getByLabelText('field'), 'jkx')
    expect(screen.getByLabelText('field')).toHaveValue('jkx')
    expect(screen.getByText('chosen: row-1')).toBeInTheDocument()
  })
})
