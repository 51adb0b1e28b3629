import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { GpuInfo, GpuSample, NodeView } from '@/shared/api/wire'
import { formatBytes, formatPercent } from '@/shared/format/numbers'
import { Meter } from '@/shared/ui/Meter'
import styles from './Nodes.module.css'

/** Each GPU with what it does, whose job holds it, and what else runs on it. */
export function GpuCards({ node }: { node: NodeView }) {
  const { t } = useTranslation('nodes')
  const gpus = node.info.gpus ?? []
  return (
    <section aria-labelledby="gpus">
      <h2 id="gpus">{t('gpus')}</h2>
      {gpus.length === 0 ? (
        <p className="px-muted">{t('cpuOnlyHint')}</p>
      ) : (
        <ul className={styles.cards}>
          {gpus.map((gpu) => (
            <li key={gpu.uuid} className="px-card">
              <Gpu
                gpu={gpu}
                sample={node.sample?.gpus?.find((one) => one.uuid === gpu.uuid)}
                jobs={node.gpu_jobs?.[gpu.uuid] ?? []}
              />
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

function Gpu({ gpu, sample, jobs }: { gpu: GpuInfo; sample: GpuSample | undefined; jobs: string[] }) {
  const { t } = useTranslation('nodes')
  const foreign = sample?.foreign_pids ?? []
  const used = sample?.memory_used_bytes
  return (
    <>
      <h3 title={gpu.uuid}>
        {gpu.index} · {gpu.name}
      </h3>
      {sample?.utilization != null && (
        <Meter
          label={t('gpu.utilization')}
          value={sample.utilization}
          max={100}
          text={formatPercent(sample.utilization / 100)}
          warnAt={2}
        />
      )}
      {used != null && (
        <Meter
          label={t('gpu.memory')}
          value={used}
          max={gpu.memory_bytes}
          text={`${formatBytes(used)} / ${formatBytes(gpu.memory_bytes)}`}
        />
      )}
      <p className="px-muted px-number">
        {[
          sample?.temperature_c != null && `${Math.round(sample.temperature_c)} °C`,
          sample?.power_w != null && `${Math.round(sample.power_w)} W`,
        ]
          .filter(Boolean)
          .join(' · ')}
      </p>
      <p>
        {jobs.length === 0 ? t('gpu.free') : t('gpu.heldBy')}{' '}
        {jobs.map((id) => (
          <Link key={id} to="/jobs/$jobId" params={{ jobId: id }}>
            {id.slice(0, 8)}
          </Link>
        ))}
      </p>
      {foreign.length > 0 && <p className={styles.warn}>{t('gpu.foreign', { pids: foreign.join(', ') })}</p>}
    </>
  )
}
