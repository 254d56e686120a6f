'use client';

import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';

const SHOWN_MS = 2_000;

/** Copies a text, and says for a moment that it has. */
export function CopyButton({ text, label }: { text: string; label: string }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
  };
  const Icon = copied ? Check : Copy;
  return (
    <button
      type="button"
      onClick={() => copy().catch(() => setCopied(false))}
      aria-label={copied ? 'Copied' : label}
      title={copied ? 'Copied' : label}
      className="rounded-md p-1 text-muted hover:bg-sunken hover:text-ink"
    >
      <Icon aria-hidden className="size-3.5" />
    </button>
  );
}
