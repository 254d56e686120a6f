'use client';

import { useEffect } from 'react';

/** `waits`: something waits for the person. `unread`: there are news. */
export type IconDot = 'waits' | 'unread' | null;

const ICONS = 'link[rel~="icon"]';
/** The colours of danger and of info, which stand out from the green of the icon on any tab bar. */
const FILL: Record<Exclude<IconDot, null>, string> = { waits: '#d4352b', unread: '#2f80d8' };

let observer: MutationObserver | null = null;
let dot: IconDot = null;
let drawn: string | null = null;
/** What the links of the page led to before. */
let plain: string | null = null;

function show(): void {
  for (const link of document.head.querySelectorAll<HTMLLinkElement>(ICONS)) {
    // One that was drawn before is not what the page brought.
    if (link.href !== drawn && !link.href.startsWith('data:')) plain = link.href;
    const wanted = drawn ?? plain;
    if (wanted !== null && link.href !== wanted) link.href = wanted;
  }
}

async function draw(): Promise<void> {
  const wanted = dot;
  show();
  if (wanted === null || plain === null) {
    drawn = null;
    show();
    return;
  }
  const svg = await fetch(plain).then((response) => (response.ok ? response.text() : ''));
  if (wanted !== dot || !svg.includes('</svg>')) return;
  const circle = `<circle cx="25" cy="7" r="6.5" fill="${FILL[wanted]}" stroke="#fff" stroke-width="1.5"/>`;
  drawn = `data:image/svg+xml,${encodeURIComponent(svg.replace('</svg>', `${circle}</svg>`))}`;
  show();
}

/** Draws a dot into the icon of the tab. Next replaces the icon's element now and then, so it is watched. */
export function useIconDot(wanted: IconDot): void {
  useEffect(() => {
    if (observer === null) {
      observer = new MutationObserver(show);
      observer.observe(document.head, { childList: true });
    }
    dot = wanted;
    draw().catch(() => undefined);
  }, [wanted]);
}
