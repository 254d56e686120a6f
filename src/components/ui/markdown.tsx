'use client';

import { lazy, Suspense } from 'react';
import type { MarkdownProps } from './markdownText';
import { PlainText } from './plainText';
import { TextBoundary } from './textBoundary';

/**
 * The renderer is a large part of what pages load, so it is loaded after the page: the HTML has the rendered
 * text, and React leaves it as it is until the renderer is there. Where it cannot be loaded, the text is
 * shown as it was written.
 */
const MarkdownText = lazy(() =>
  import('./markdownText').then(
    (module) => ({ default: module.MarkdownText }),
    () => ({ default: PlainText }),
  ),
);

/** Markdown without raw HTML, remote images or unsafe addresses. */
export function Markdown(props: MarkdownProps) {
  return (
    <TextBoundary text={props.text}>
      <Suspense fallback={<PlainText text={props.text} />}>
        <MarkdownText {...props} />
      </Suspense>
    </TextBoundary>
  );
}
