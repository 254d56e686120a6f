import { type DocumentView, documentFileName } from '@everbeat/domain';

/** Hands a document to the browser as a Markdown file. */
export function downloadDocument({ name, content }: Pick<DocumentView, 'name' | 'content'>): void {
  const url = URL.createObjectURL(new Blob([content], { type: 'text/markdown;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = documentFileName(name);
  link.click();
  URL.revokeObjectURL(url);
}
