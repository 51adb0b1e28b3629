import ReactMarkdown from 'react-markdown'
import remarkGfm from 'remark-gfm'
import styles from './Markdown.module.css'

const PLUGINS = [remarkGfm]

/** Text that anybody may have written: HTML in it stays text, pictures are links, and links open elsewhere. */
export default function Markdown({ text }: { text: string }) {
  return (
    <div className={styles.markdown}>
      <ReactMarkdown
        remarkPlugins={PLUGINS}
        components={{
          a: ({ href, children }) => (
            <a href={href} target="_blank" rel="noreferrer noopener">
              {children}
            </a>
          ),
          img: ({ src, alt }) => (
            <a href={typeof src === 'string' ? src : undefined} target="_blank" rel="noreferrer noopener">
              {alt || src}
            </a>
          ),
          // The page has its own h1; the text's headings come below its section's.
          h1: 'h3',
          h2: 'h4',
          h3: 'h5',
          h4: 'h6',
        }}
      >
        {text}
      </ReactMarkdown>
    </div>
  )
}
