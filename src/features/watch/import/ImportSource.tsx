'use client';

import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Field, FormError, Input, Textarea } from '@/components/ui/field';
import { Form } from '@/components/ui/form';

interface ImportSourceProps {
  isReading: boolean;
  /** Why the last file could not be read. */
  problem: string | null;
  onFile: (file: Blob) => void;
}

const EXAMPLE = 'https://example.com/news Example news\nhttps://example.org/feed.xml';
const ACCEPTED = '.zip,.json,.yaml,.yml,.opml,.xml,.txt,.csv';

/** Takes a file, or pasted text. Nothing is stored before the person has seen what it holds. */
export function ImportSource({ isReading, problem, onFile }: ImportSourceProps) {
  const [text, setText] = useState('');
  const [isEmpty, setIsEmpty] = useState(false);
  return (
    <Form
      className="space-y-5"
      onSubmit={(event) => {
        event.preventDefault();
        setIsEmpty(text.trim() === '');
        if (text.trim() !== '') onFile(new Blob([text]));
      }}
    >
      <Field
        label="A file"
        hint="The backup of changedetection.io (the zip, or url-watches.json), urls.yaml of urlwatch, OPML, a list of addresses, or what Everbeat has exported."
      >
        <Input
          type="file"
          accept={ACCEPTED}
          disabled={isReading}
          className="h-auto py-2"
          onChange={({ target }) => {
            const [file] = target.files ?? [];
            if (file !== undefined) onFile(file);
            // The same file may be chosen again, after it was changed.
            target.value = '';
          }}
        />
      </Field>
      <Field
        label="Or paste addresses"
        hint="One a line, with a title if you like."
        error={isEmpty ? 'Paste an address, or choose a file' : undefined}
      >
        <Textarea
          value={text}
          placeholder={EXAMPLE}
          spellCheck={false}
          className="min-h-28 font-mono text-sm"
          onChange={({ target }) => setText(target.value)}
        />
      </Field>
      {problem !== null && <FormError>{problem}</FormError>}
      <Button type="submit" variant="primary" busy={isReading}>
        Show what would be imported
      </Button>
    </Form>
  );
}
