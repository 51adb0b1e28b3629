import { useEffect, useState } from 'react'

/** A file dropped anywhere on the page, and how to forget it. While `active`, the browser does not open it instead. */
export function useDroppedFile(active: boolean): [File | null, () => void] {
  const [file, setFile] = useState<File | null>(null)
  useEffect(() => {
    if (!active) return
    const over = (event: DragEvent) => event.preventDefault()
    const drop = (event: DragEvent) => {
      event.preventDefault()
      setFile(event.dataTransfer?.files[0] ?? null)
    }
    window.addEventListener('dragover', over)
    window.addEventListener('drop', drop)
    return () => {
      window.removeEventListener('dragover', over)
      window.removeEventListener('drop', drop)
    }
  }, [active])
  return [file, () => setFile(null)]
}
