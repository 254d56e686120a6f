import { readArticle } from './article';
import { decode } from './charset';
import { decompress } from './compression';
import { formatOf } from './format';
import { type Answer, PAGE_BYTES_MAX, type Reading, readPage } from './readPage';

/** What a server answered, as a model reads it. */
export interface Document extends Pick<Reading, 'kind' | 'title' | 'isCut'> {
  /** Markdown of a web page, the items of a feed, the text of anything else. */
  text: string;
}

/**
 * The readable part of an answer.
 * @param url the address that relative links start from
 * @throws AgentError as `readPage` does
 */
export async function readDocument(answer: Answer, url: string): Promise<Document> {
  const { kind, title, isCut, text, feed } = await readPage(answer, {
    selector: null,
    without: [],
  });
  const read = { kind, title, isCut };
  if (feed !== null) {
    const items = feed.items.map((item) =>
      item.link ? `- [${item.title}](${item.link})` : `- ${item.title}`,
    );
    return { ...read, text: items.join('\n') };
  }
  const bytes = decompress(answer.bytes, PAGE_BYTES_MAX)?.bytes;
  if (bytes === undefined || formatOf(answer.contentType, bytes) !== 'html') return { ...read, text };
  const article = readArticle(decode(bytes, answer.contentType), url);
  return { ...read, title: article.title || title, text: article.markdown };
}
