import type { ComponentProps, ReactNode } from 'react';
import ReactMarkdown, { type Components, type UrlTransform } from 'react-markdown';
import remarkGfm from 'remark-gfm';
import { cn } from '@/lib/cn';
import { DiffBlock } from './diff';
import { ScrollRegion } from './scrollRegion';

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

const codeText = (children: ReactNode): string =>
  typeof children === 'string' ? children.replace(/\n$/, '') : '';

function Code({ className, children }: ComponentProps<'code'>) {
  if (className?.includes('language-diff')) return <DiffBlock text={codeText(children)} />;
  return <code className={className}>{children}</code>;
}

/** Every heading is one below the card that holds the text, so that an agent cannot break the page's outline. */
const heading = ({ children }: { children?: ReactNode }) => <h4>{children}</h4>;

const components: Components = {
  h1: heading,
  h2: heading,
  h3: heading,
  h4: heading,
  h5: heading,
  h6: heading,
  a: ({ href, children }) => <OutwardLink href={href}>{children}</OutwardLink>,
  img: ({ src, alt }) => (
    <OutwardLink href={typeof src === 'string' ? src : undefined}>{alt || 'image'}</OutwardLink>
  ),
  code: Code,
  pre: ({ children }) => (
    <ScrollRegion className="overflow-x-auto rounded-lg bg-sunken px-3.5 py-3">
      <pre>{children}</pre>
    </ScrollRegion>
  ),
  table: ({ children }) => (
    <ScrollRegion className="overflow-x-auto">
      <table>{children}</table>
    </ScrollRegion>
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
