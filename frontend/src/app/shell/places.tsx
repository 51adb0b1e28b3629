import {
  AppstoreOutlined,
  ClusterOutlined,
  DatabaseOutlined,
  DeploymentUnitOutlined,
  ExperimentOutlined,
  RadarChartOutlined,
  SettingOutlined,
} from '@ant-design/icons'
import type { ReactNode } from 'react'

interface Place {
  name: 'overview' | 'jobs' | 'sweeps' | 'data' | 'models' | 'nodes' | 'settings'
  to: '/' | '/jobs' | '/sweeps' | '/data' | '/models' | '/nodes' | '/settings'
  icon: ReactNode
  /** After `g`. */
  key: string
}

export const PLACES: readonly Place[] = [
  { name: 'overview', to: '/', icon: <AppstoreOutlined />, key: 'o' },
  { name: 'jobs', to: '/jobs', icon: <ExperimentOutlined />, key: 'j' },
  { name: 'sweeps', to: '/sweeps', icon: <RadarChartOutlined />, key: 'w' },
  { name: 'data', to: '/data', icon: <DatabaseOutlined />, key: 'd' },
  { name: 'models', to: '/models', icon: <DeploymentUnitOutlined />, key: 'm' },
  { name: 'nodes', to: '/nodes', icon: <ClusterOutlined />, key: 'n' },
  { name: 'settings', to: '/settings', icon: <SettingOutlined />, key: 's' },
]
