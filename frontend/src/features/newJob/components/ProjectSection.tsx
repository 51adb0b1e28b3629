import { useQuery } from '@tanstack/react-query'
import { Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { Answered, EmptyState } from '@/shared/ui/states'
import { projectsQuery } from '../api/queries'
import type { DraftControl } from '../useDraft'
import { Field } from './Field'
import styles from './NewJob.module.css'

/** Which code runs. Another project or entry point has another form, so what was set for the old one goes. */
export function ProjectSection({ control: { draft, change } }: { control: DraftControl }) {
  const { t } = useTranslation('newJob')
  const projects = useQuery(projectsQuery)
  return (
    <section className="px-card" aria-labelledby="project">
      <h2 id="project">{t('section.project')}</h2>
      <Answered query={projects}>
        {(rows) => {
          if (rows.length === 0) return <EmptyState text={t('noProject')} />
          const entryPoints = rows.find((one) => one.name === draft.project)?.snapshot?.entry_points ?? []
          return (
            <div className={styles.grid}>
              <Field label={t('project')}>
                {(id) => (
                  <Select
                    id={id}
                    showSearch
                    value={draft.project || null}
                    options={rows.map((one) => ({ value: one.name, label: one.name }))}
                    onChange={(project: string) =>
                      change({
                        project,
                        entryPoint: 'main',
                        values: {},
                        inputs: {},
                        parameters: {},
                        extra: '',
                        snapshot: null,
                      })
                    }
                  />
                )}
              </Field>
              <Field label={t('entryPoint')} help={t('entryPointHelp')}>
                {(id) => (
                  <Select
                    id={id}
                    value={draft.entryPoint}
                    options={entryPoints.map((one) => ({ value: one.name, label: one.name }))}
                    onChange={(entryPoint: string) => change({ entryPoint, values: {}, parameters: {}, extra: '' })}
                  />
                )}
              </Field>
            </div>
          )
        }}
      </Answered>
    </section>
  )
}
