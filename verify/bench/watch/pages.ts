const WORDS =
  'harbour price delivery market committee weather ferry timetable museum opening ticket bridge report river council notice'.split(
    ' ',
  );

/** Pages such as shops and authorities have: headings, paragraphs, links, lists and tables. */
export function examplePage(bytes: number): string {
  const parts = ['<!doctype html><html><head><meta charset="utf-8"><title>Notices</title></head><body>'];
  let length = parts[0]?.length ?? 0;
  for (let section = 0; length < bytes; section += 1) {
    const part = sectionOf(section);
    parts.push(part);
    length += part.length;
  }
  return `${parts.join('\n')}</body></html>`;
}

function sectionOf(number: number): string {
  const word = (offset: number): string => WORDS[(number * 7 + offset * 3) % WORDS.length] ?? '';
  const words = (count: number): string =>
    Array.from({ length: count }, (_, offset) => word(offset)).join(' ');
  const cells = Array.from(
    { length: 4 },
    (_, row) => `<tr><td>${word(row)}</td><td class="price">${number + row} &euro;</td></tr>`,
  );
  return [
    `<section class="notice" id="n${number}"><h2>${word(1)} ${number}</h2>`,
    `<p>${words(24)}, <a href="/notice/${number}">${word(5)}</a> ${words(12)}.</p>`,
    `<ul><li>${words(4)}</li><li>${words(5)}</li></ul>`,
    `<table><tbody>${cells.join('')}</tbody></table><script>count(${number})</script></section>`,
  ].join('\n');
}
