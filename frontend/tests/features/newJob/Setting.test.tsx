import { screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { useState } from 'react'
import { describe, expect, it } from 'vitest'
import { Setting } from '@/features/newJob/components/Setting'
import { sectionsOf } from '@/features/newJob/sections'
import type { FormField } from '@/shared/api/wire'
import { show } from '../../render'

const EPOCHS: FormField = {
  key: 'trainer.max_epochs',
  kind: 'integer',
  default: 50,
  required: false,
  help: 'Passes over the data.',
  choices: [],
  group: false,
}

function Held({ field, error = null }: { field: FormField; error?: string | null }) {
  const [value, setValue] = useState<unknown>(undefined)
  return (
    <>
      <Setting field={field} label={field.key} value={value} onChange={setValue} error={error} />
      <output>{JSON.stringify(value) ?? 'default'}</output>
    </>
  )
}

describe('a setting', () => {
  it('shows its default without being set, and goes back to it', async () => {
    show(<Held field={EPOCHS} />)
    const input = screen.getByLabelText('trainer.max_epochs')
    expect(input).toHaveAttribute('placeholder', '50')
    expect(input).toHaveAccessibleDescription('Passes over the data.')
    expect(screen.getByText('default')).toBeInTheDocument()
    await userEvent.type(input, '7')
    expect(screen.getByText('7')).toBeInTheDocument()
    await userEvent.click(screen.getByRole('button', { name: 'Back to the default of trainer.max_epochs: 50' }))
    expect(screen.getByText('default')).toBeInTheDocument()
  })

  it('says what is wrong with it, to ears too', () => {
    show(<Held field={EPOCHS} error="must be a whole number" />)
    expect(screen.getByRole('alert')).toHaveTextContent('must be a whole number')
    expect(screen.getByLabelText('trainer.max_epochs')).toHaveAccessibleDescription(/must be a whole number/)
  })

  it('that is on or off is a switch', async () => {
    show(<Held field={{ ...EPOCHS, key: 'track', kind: 'boolean', default: true }} />)
    const control = screen.getByRole('switch', { name: 'track' })
    expect(control).toBeChecked()
    await userEvent.click(control)
    expect(screen.getByText('false')).toBeInTheDocument()
    await userEvent.click(control)
    expect(screen.getByText('default')).toBeInTheDocument()
  })
})

describe('the sections of a form', () => {
  const field = (key: string, more: Partial<FormField> = {}): FormField => ({ ...EPOCHS, key, help: '', ...more })
  const fields = [
    field('model', { kind: 'choice', group: true, choices: ['cnn', 'ridge'], default: 'cnn' }),
    field('callbacks', { kind: 'choice', group: true, choices: ['default'], default: 'default' }),
    field('experiment', { kind: 'choice', group: true, choices: ['demo'], default: null }),
    field('trainer.max_epochs'),
    field('trainer.precision', { kind: 'string', default: '32' }),
    // biome-ignore lint/suspicious/noTemplateCurlyInString: an interpolation of OmegaConf's
    field('callbacks.monitor', { kind: 'string', default: '${monitor}' }),
    field('data.path', { required: true }),
  ]

  it('show what people change, fold the rest and leave out what is computed', () => {
    const { basic, rest } = sectionsOf(fields, {}, '')
    expect(basic.map((one) => one.key)).toEqual(['model', 'experiment', 'trainer.max_epochs', 'data.path'])
    expect(rest.map(([name, inner]) => [name, inner.map((one) => one.key)])).toEqual([
      ['', ['callbacks']],
      ['trainer', ['trainer.precision']],
    ])
  })

  it('are searched by key and by what they are for', () => {
    expect(sectionsOf([field('a', { help: 'Learning rate' }), field('b')], {}, 'learning').rest).toHaveLength(1)
  })
})
