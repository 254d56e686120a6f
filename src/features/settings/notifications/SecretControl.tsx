'use client';

import { Button } from '@/components/ui/button';
import { Input } from '@/components/ui/field';
import type { TextControlProps } from '@/features/agents/kindForm';

const SECRET_BYTES = 32;

/** A secret of Standard Webhooks. */
function makeSecret(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(SECRET_BYTES));
  return `whsec_${btoa(String.fromCharCode(...bytes))}`;
}

/** The signing secret of a webhook, which the person may have made here and copies to the other side. */
export function SecretControl({ text, onText }: TextControlProps) {
  return (
    <div className="space-y-1.5">
      <div className="flex gap-2">
        <Input
          aria-label="Signing secret"
          value={text}
          onChange={(event) => onText(event.target.value)}
          className="font-mono"
          placeholder="whsec_…"
          autoComplete="off"
          spellCheck={false}
        />
        <Button onClick={() => onText(makeSecret())}>Make one</Button>
      </div>
      <p className="text-[0.8125rem] text-muted">
        Copy it to your server before you save: it is stored encrypted and not shown again. Leave the dots to
        keep it.
      </p>
    </div>
  );
}
