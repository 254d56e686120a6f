import { escapeHtml } from '@everbeat/channels';
import { type BriefView, isTooMarked, LIMITS } from '@everbeat/domain';
import { generateAtomFeed } from 'feedsmith';
import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';

/**
 * The briefs of a user as an Atom feed, the newest first. What agents wrote is untrusted: HTML in it is shown
 * as text, and nothing is loaded by it, so pictures become links.
 */
export function atomFeed(briefs: readonly BriefView[], { appUrl }: { appUrl: string }): string {
  const [newest] = [...briefs].sort((one, other) => other.updatedAt.getTime() - one.updatedAt.getTime());
  return generateAtomFeed({
    id: `${appUrl}/feed`,
    title: { value: 'Everbeat' },
    subtitle: { value: 'What your tasks tell you' },
    authors: [{ name: 'Everbeat' }],
    links: [{ href: appUrl, rel: 'alternate', type: 'text/html' }],
    updated: newest?.updatedAt ?? new Date(0),
    entries: briefs.map((brief) => ({
      id: `urn:uuid:${brief.id}`,
      title: { value: inXml(`${brief.taskIdentifier}: ${brief.title}`) },
      links: [{ href: `${appUrl}/tasks/${brief.taskIdentifier}`, rel: 'alternate', type: 'text/html' }],
      published: brief.createdAt,
      updated: brief.updatedAt,
      categories: [{ term: brief.type }, { term: brief.priority }],
      authors: [{ name: inXml(brief.taskName) || brief.taskIdentifier }],
      content: { type: 'html', value: htmlOf(brief.summary) },
    })),
  });
}

const DIALECT = {
  extensions: [gfm(), { disable: { null: ['labelStartImage'] } }],
  htmlExtensions: [gfmHtml()],
};

/** Never empty, which the library would leave out. What takes too long to read stays as it was written. */
function htmlOf(markdown: string): string {
  const text = inXml(markdown).slice(0, LIMITS.briefSummaryCharsMax);
  const html = isTooMarked(text) ? `<pre>${escapeHtml(text)}</pre>` : micromark(text, DIALECT);
  return html.trim() === '' ? '<p></p>' : html;
}

/** Without the characters that XML has no place for. */
const inXml = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is removed
  text.toWellFormed().replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '');
