/** Exponential moving average, corrected for its start as Adam's moments are: `weight` 0 leaves the values alone. */
export function smooth(values: readonly number[], weight: number): number[] {
  if (weight <= 0) return [...values]
  let average = 0
  let correction = 1
  return values.map((value) => {
    average = average * weight + value * (1 - weight)
    correction *= weight
    return average / (1 - correction)
  })
}
