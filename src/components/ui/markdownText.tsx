import { isTooMarked } from '@everbeat/domain';
import type { ComponentProps, ReactNode } from 'react';
import ReactMarkdown, { type Components, type UrlTransform } from 'react-markdown';
import remarkGfm from 'remark-gfm';
import { cn } from '@/lib/cn';
import { DiffBlock } from './diff';
import { PlainText } from './plainText';
import { ScrollRegion } from './scrollRegion';

const SAFE_ADDRESS = /^(https?:\/\/|mailto:)/i;

/** Text from agents and pages is untrusted: links other than http(s) and mailto are removed. */
const safeAddress: UrlTransform = (url) => (SAFE_ADDRESS.test(url) ? url : '');

function ExternalLink({ href, children }: { href: string | undefined; children: ReactNode }) {
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
  // What a tool is called with is read whole, whatever the width of the page.
  const wraps = className?.includes('language-json') && 'whitespace-pre-wrap wrap-anywhere';
  return <code className={cn(className, wraps)}>{children}</code>;
}

type HeadingTag = 'h3' | 'h4';

/** Maps every heading level to one, so that the text cannot break the heading outline of the page. */
function componentsUnder(Heading: HeadingTag): Components {
  const heading = ({ children }: { children?: ReactNode }) => <Heading>{children}</Heading>;
  return { ...shared, h1: heading, h2: heading, h3: heading, h4: heading, h5: heading, h6: heading };
}

const shared: Components = {
  a: ({ href, children }) => <ExternalLink href={href}>{children}</ExternalLink>,
  img: ({ src, alt }) => (
    <ExternalLink href={typeof src === 'string' ? src : undefined}>{alt || 'image'}</ExternalLink>
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

const COMPONENTS: Record<HeadingTag, Components> = { h3: componentsUnder('h3'), h4: componentsUnder('h4') };

export interface MarkdownProps {
  text: string;
  /** The tag that every heading in the text becomes: one level below the heading above the text. */
  heading?: HeadingTag;
}

/**
 * Markdown without raw HTML, remote images or unsafe addresses. What takes too long to read stays as it was
 * written.
 */
export function MarkdownText({ text, heading = 'h4' }: MarkdownProps) {
  if (isTooMarked(text)) return <PlainText text={text} />;
  return (
    <div className="prose-brief min-w-0">
      <ReactMarkdown
        remarkPlugins={[remarkGfm]}
        skipHtml
        urlTransform={safeAddress}
        components={COMPONENTS[heading]}
      >
        {text}
      </ReactMarkdown>
    </div>
  );
}
