import { defineConfig } from 'i18next-cli'

// Only for `i18next-cli lint`: it finds words that are written into a component instead of the language files.
export default defineConfig({
  locales: ['en', 'zh'],
  extract: {
    input: 'src/**/*.{ts,tsx}',
    output: 'src/shared/i18n/locales/{{language}}/{{namespace}}.json',
  },
  lint: {
    acceptedAttributes: [
      'title',
      'placeholder',
      'label',
      'alt',
      'aria-label',
      'text',
      'description',
      'extra',
      'message',
    ],
  },
})
