import { extractText, getDocumentProxy, getMeta } from 'unpdf';

/** Long documents are read up to this page. */
const PAGES_MAX = 500;

export interface PdfText {
  title: string;
  text: string;
  isCut: boolean;
}

/** The text of a PDF, page by page. @throws whatever the library throws at a damaged or locked document */
export async function pdfText(bytes: Uint8Array): Promise<PdfText> {
  // The library takes the bytes over, and refuses Node's buffers.
  const document = await getDocumentProxy(new Uint8Array(bytes), { verbosity: 0 });
  try {
    const { info } = await getMeta(document);
    const { totalPages, text } = await extractText(document, { mergePages: false });
    return {
      title: typeof info.Title === 'string' ? info.Title.trim() : '',
      text: text.slice(0, PAGES_MAX).join('\n'),
      isCut: totalPages > PAGES_MAX,
    };
  } finally {
    await document.destroy();
  }
}
