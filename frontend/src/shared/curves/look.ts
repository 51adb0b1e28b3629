export const AXES = ['step', 'time'] as const
export type XAxis = (typeof AXES)[number]

export interface Look {
  smoothing: number
  isLog: boolean
  x: XAxis
}
