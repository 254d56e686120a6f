import type { ComponentProps, ReactNode } from 'react';
import ReactMarkdown, { type Components, type UrlTransform } from 'react-markdown';
import remarkGfm from 'remark-gfm';
import { cn } from '@/lib/cn';
import { DiffBlock } from './diff';

const SAFE_ADDRESS = /^(https?:\/\/|mailto:)/i;

/** Text from agents and pages is untrusted: an address that is not plainly web or mail leads nowhere. */
const safeAddress: UrlTransform = (url) => (SAFE_ADDRESS.test(url) ? url : '');

function OutwardLink({ href, children }: { href: string | undefined; children: ReactNode }) {
  if (href === undefined || href === '') return <span>{children}</span>;
  return (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow">
      {children}
    </a>
  );
}

const codeText = (children: ReactNode): string => (typeof children === 'string' ? children.replace(/\n$/, '') : '');

function Code({ className, children }: ComponentProps<'code'>) {
  if (className?.includes('language-diff')) return <DiffBlock text={codeText(children)} />;
  return <code className={className}>{children}</code>;
}

/** Headings start below those of the page, so that an agent's text cannot break its outline. */
const components: Components = {
  h1: ({ children }) => <h4>{children}</h4>,
  h2: ({ children }) => <h4>{children}</h4>,
  h3: ({ children }) => <h5>{children}</h5>,
  h4: ({ children }) => <h6>{children}</h6>,
  h5: ({ children }) => <h6>{children}</h6>,
  a: ({ href, children }) => <OutwardLink href={href}>{children}</OutwardLink>,
  img: ({ src, alt }) => (
    <OutwardLink href={typeof src === 'string' ? src : undefined}>{alt || 'image'}</OutwardLink>
  ),
  code: Code,
  // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
  pre: ({ children }) => <pre tabIndex={0}>{children}</pre>,
  table: ({ children }) => (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <div className="overflow-x-auto" tabIndex={0}>
      <table>{children}</table>
    </div>
  ),
};

/** Markdown without raw HTML, remote images or unsafe addresses. */
export function Markdown({ text, className }: { text: string; className?: string }) {
  return (
    <div className={cn('prose-brief min-w-0', className)}>
      <ReactMarkdown remarkPlugins={[remarkGfm]} skipHtml urlTransform={safeAddress} components={components}>
        {text}
      </ReactMarkdown>
    </div>
  );
}
