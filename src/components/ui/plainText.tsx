/** A text as it was written. */
export function PlainText({ text }: { text: string }) {
  return <p className="prose-brief min-w-0 whitespace-pre-wrap wrap-anywhere">{text}</p>;
}
