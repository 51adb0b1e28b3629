import { Link } from '@tanstack/react-router'

/** `<dataset>@<version>` as a link; a model's reference leads to the model. */
export function ReferenceLink({ reference }: { reference: string }) {
  const model = /^models:\/([^/]+)\/(.+)$/.exec(reference)
  if (model?.[1] && model[2]) {
    return (
      <Link to="/models/$name" params={{ name: model[1] }} search={{ version: model[2] }}>
        {reference}
      </Link>
    )
  }
  const [name = '', number] = reference.split('@')
  return (
    <Link to="/data/$name" params={{ name }} search={{ version: number ? Number(number) : undefined }}>
      {reference}
    </Link>
  )
}
