import { storableText } from '@everbeat/domain';
import type { CallToolResult } from '@modelcontextprotocol/client';
import { shownJson } from '../shared/shownJson';

export interface CallResult {
  /** What the model reads; material from outside. */
  text: string;
  /** The tool says that it failed. */
  isError: boolean;
}

const RESULT_CHARS_MAX = 20_000;

/** What a model reads of a result, which may also hold pictures and files. `clean` takes the secrets out. */
export function resultText(
  { content = [], structuredContent, isError = false }: CallToolResult,
  clean: (text: string) => string,
): CallResult {
  const parts = content.map(textOfPart).filter((text) => text !== '');
  const text = clean(
    parts.length === 0 && structuredContent !== undefined ? shownJson(structuredContent) : parts.join('\n\n'),
  );
  const cut = text.length > RESULT_CHARS_MAX ? '\n\n[The result goes on, and is cut here.]' : '';
  return {
    text: `${storableText(text, RESULT_CHARS_MAX)}${cut}` || '(The tool answered with nothing.)',
    isError,
  };
}

function textOfPart(part: CallToolResult['content'][number]): string {
  switch (part.type) {
    case 'text':
      return part.text;
    case 'image':
    case 'audio':
      return `(${part.type}: ${part.mimeType})`;
    case 'resource':
      return 'text' in part.resource ? part.resource.text : `(file: ${part.resource.uri})`;
    case 'resource_link':
      return `(file: ${part.name} ${part.uri})`;
  }
}
