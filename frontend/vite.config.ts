import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

// `npm run dev` beside a master: PROTEINX_URL names it.
const master = process.env.PROTEINX_URL ?? 'http://127.0.0.1:8000'

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  build: { target: 'es2022', manifest: true, assetsInlineLimit: 0, chunkSizeWarningLimit: 3000 },
  server: {
    proxy: {
      '/api': { target: master, ws: true },
      '/mlflow': { target: master },
      '/docs': { target: master },
      '/openapi.json': { target: master },
    },
  },
})
