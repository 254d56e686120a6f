import type { ComponentProps, ReactNode } from 'react';
import ReactMarkdown, { type Components, type UrlTransform } from 'react-markdown';
import remarkGfm from 'remark-gfm';
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

type HeadingTag = 'h3' | 'h4';

/** Every heading is one below the one over the text, so that an agent cannot break the page's outline. */
function componentsUnder(Heading: HeadingTag): Components {
  const heading = ({ children }: { children?: ReactNode }) => <Heading>{children}</Heading>;
  return { ...shared, h1: heading, h2: heading, h3: heading, h4: heading, h5: heading, h6: heading };
}

const shared: Components = {
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

const COMPONENTS: Record<HeadingTag, Components> = { h3: componentsUnder('h3'), h4: componentsUnder('h4') };

interface MarkdownProps {
  text: string;
  /** What the headings of the text become. */
  heading?: HeadingTag;
}

/** Markdown without raw HTML, remote images or unsafe addresses. */
export function Markdown({ text, heading = 'h4' }: MarkdownProps) {
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
