import { defineConfig } from 'orval'

export default defineConfig({
  portal: {
    input: './openapi.json',
    output: {
      mode: 'split',
      target: 'src/shared/api/generated/client.ts',
      client: 'fetch',
      clean: true,
      override: {
        fetch: { includeHttpResponseReturnType: false },
        mutator: { path: 'src/shared/api/request.ts', name: 'request' },
        header: () => ['Generated from openapi.json by `npm run generate`; do not edit.'],
      },
    },
  },
})
