'use client';

import { lazy, Suspense } from 'react';
import type { MarkdownProps } from './markdownText';

/** The text as it is written: while the renderer is loaded, and where it cannot be. */
function Plain({ text }: MarkdownProps) {
  return <p className="prose-brief min-w-0 whitespace-pre-wrap wrap-anywhere">{text}</p>;
}

/**
 * The renderer is a large part of what pages load, so it is loaded after the page: the HTML has the rendered text, and
 * React leaves it as it is until the renderer is there.
 */
const MarkdownText = lazy(() =>
  import('./markdownText').then(
    (module) => ({ default: module.MarkdownText }),
    () => ({ default: Plain }),
  ),
);

/** Markdown without raw HTML, remote images or unsafe addresses. */
export function Markdown(props: MarkdownProps) {
  return (
    <Suspense fallback={<Plain {...props} />}>
      <MarkdownText {...props} />
    </Suspense>
  );
}
