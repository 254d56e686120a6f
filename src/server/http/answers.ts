import { createHash } from 'node:crypto';
import { htmlOfMarkdown } from '@everbeat/channels';
import type { AnswerLink } from '@everbeat/database';
import {
  type AnswerEffect,
  AppError,
  defaultOptionOf,
  LIMITS,
  needsWords,
  silenceText,
} from '@everbeat/domain';
import { type Context, Hono } from 'hono';
import { html, raw } from 'hono/html';
import { secureHeaders } from 'hono/secure-headers';
import { z } from 'zod';
import type { Container } from '../container/container';
import { type AnswerPage, isAnswer } from '../services/answers/AnswerLinkService';
import { bodyLimit } from './bodyLimit';

const TOKEN = /^[\w-]{20,100}$/;

const formSchema = z.object({
  action: z.string().max(LIMITS.briefActionKeyCharsMax).optional(),
  comment: z
    .string()
    // Browsers end the lines of a form so, and count each end as one character.
    .transform((text) => text.replaceAll('\r\n', '\n'))
    .pipe(z.string().trim().max(LIMITS.commentCharsMax))
    .optional(),
});

/**
 * `/a/:token`: a page that shows the question of a link in a message, and answers it when its form is sent.
 * To open a link changes nothing, because programs that scan mail open links. It works without signing in,
 * shows nothing but the one brief, and has no script.
 */
export function answerPages(container: () => Promise<Pick<Container, 'answers'>>): Hono {
  const app = new Hono();
  app.use(secureHeaders(HEADERS));
  app.use(async (c, next) => {
    await next();
    c.header('cache-control', 'no-store');
    c.header('x-robots-tag', 'noindex, nofollow');
  });
  app.get('/:token', async (c) => {
    const token = c.req.param('token');
    const page = TOKEN.test(token) ? await (await container()).answers.page(token) : null;
    return respond(c, page);
  });
  app.post('/:token', bodyLimit(FORM_BYTES_MAX), async (c) => {
    const token = c.req.param('token');
    const form = formSchema.safeParse(await c.req.parseBody().catch(() => ({})));
    if (!TOKEN.test(token)) return respond(c, null);
    const { answers } = await container();
    if (!form.success) return respond(c, await answers.page(token), 'That is too long. Shorten it.');
    const { action, comment } = form.data;
    try {
      return respond(c, await answers.answer(token, { action, comment: comment || undefined }));
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return respond(c, await answers.page(token), error.message);
    }
  });
  return app;
}

/** A character has up to three bytes, each of which a form writes as `%` and two digits. */
const FORM_BYTES_MAX = 9 * LIMITS.commentCharsMax + 1_000;

const STYLE = `:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:38rem;margin:0 auto;padding:1.5rem}
h1{font-size:1.25rem}.text{overflow-wrap:anywhere;border-left:3px solid #8888;padding-left:1rem}pre{overflow-x:auto}
button{font:inherit;padding:.6rem 1rem;margin:.25rem .5rem .25rem 0;border:1px solid #888;border-radius:.4rem;cursor:pointer}
button.chosen{background:#0b6b4f;border-color:#0b6b4f;color:#fff}textarea{font:inherit;width:100%;box-sizing:border-box}
.note{font-weight:600}`;
const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

const HEADERS = {
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    styleSrc: [`'sha256-${STYLE_HASH}'`],
    formAction: ["'self'"],
    frameAncestors: ["'none'"],
    baseUri: ["'none'"],
  },
  xFrameOptions: 'DENY',
  referrerPolicy: 'no-referrer',
  strictTransportSecurity: false,
} satisfies Parameters<typeof secureHeaders>[0];

const STATUS: Record<AnswerPage['state'], 200 | 410> = {
  open: 200,
  answered: 200,
  used: 410,
  expired: 410,
  superseded: 410,
};

function respond(c: Context, page: AnswerPage | null, problem: string | null = null) {
  if (page === null) {
    return c.html(
      document(
        'Unknown link',
        html`<p>This link is not known. <a href="/">Open Everbeat</a> to see what waits for you.</p>`,
      ),
      404,
    );
  }
  const { link, state } = page;
  const status = problem === null ? STATUS[state] : 400;
  return c.html(document(link.title, content(page, problem)), status);
}

const document = (title: string, body: unknown) => html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow">
<meta name="referrer" content="no-referrer">
<title>${title} · Everbeat</title>
<style>${raw(STYLE)}</style>
</head>
<body><main>${body}</main></body>
</html>`;

const content = (page: AnswerPage, problem: string | null) => html`
<p>${page.link.taskIdentifier} ${page.link.taskName}</p>
<h1>${page.link.title}</h1>
<div class="text">${raw(htmlOfMarkdown(page.link.summary))}</div>
${problem === null ? '' : html`<p class="note" role="alert">${problem}</p>`}
${page.state === 'open' ? form(page) : html`<p class="note" role="status">${said(page)}</p>`}`;

/** The option of the link is the first button, so that the enter key sends it. */
function form({ link }: AnswerPage) {
  const { action, actions } = link;
  const offered = actions.filter(isAnswer);
  const first = offered.filter(({ key }) => key === action);
  const others = offered.filter(({ key }) => key !== action);
  const wordsLabel = needsWords({ key: action }) ? 'Your words' : 'Words for it, if you like';
  return html`<form method="post">
<p><label>${wordsLabel}<br><textarea name="comment" rows="3" maxlength="${LIMITS.commentCharsMax}"></textarea></label></p>
${silence(link)}<p>${[...first, ...others].map(
    ({ key, label }) =>
      html`<button name="action" value="${key}"${key === action ? raw(' class="chosen"') : ''}>${label}</button>`,
  )}</p>
</form>`;
}

/** What happens if nobody answers. */
function silence({ actions, defaultAction, questionEndsAt: expiresAt }: AnswerLink) {
  const text = silenceText({ actions, defaultAction, expiresAt, escalateAt: null }, timeText);
  return text === null ? '' : html`<p>${text}</p>`;
}

function said({ state, link }: AnswerPage) {
  switch (state) {
    case 'answered':
      return answered(link);
    case 'used':
      return html`This link was used before, and the answer was taken back since. ${inEverbeat(link)}`;
    case 'expired':
      return html`This link has expired: it was valid for a week. ${inEverbeat(link)}`;
    case 'superseded':
      return html`This was asked anew since, and the link does not answer it any more. Use the newer message. ${inEverbeat(link)}`;
    case 'open':
      return '';
  }
}

/** The page that it leads to asks for the password of the server, where there is one. */
const inEverbeat = ({ briefId }: AnswerLink) =>
  html`<a href="/?brief=${encodeURIComponent(briefId)}">Answer it in Everbeat</a>`;

/** What the answer was, how and when it was given, and what follows. */
function answered(link: AnswerLink): string {
  const { actions, resolvedAction, resolvedAt, resolvedEffect, taskIdentifier } = link;
  const label = actions.find(({ key }) => key === resolvedAction)?.label;
  if (label === undefined) return `This is over: ${taskIdentifier} needs no answer any more.`;
  const at = resolvedAt === null ? '' : ` on ${timeText(resolvedAt)}`;
  if (resolvedEffect?.isUnanswered) {
    const chosen = defaultOptionOf(link);
    return `Nobody answered in time: ${chosen === null ? 'nothing' : `“${chosen.label}”`} was chosen${at}.`;
  }
  const how = resolvedEffect?.isByLink ? 'from a message' : 'in Everbeat';
  const effect = EFFECT_TEXTS[resolvedEffect?.kind ?? 'recorded'];
  const follows = effect === null ? '' : ` ${taskIdentifier} ${effect}.`;
  return `Answered ${how}${at}: “${label}”.${follows}`;
}

const EFFECT_TEXTS: Record<AnswerEffect['kind'], string | null> = {
  'runs-now': 'runs with it at once',
  'runs-later': 'runs with it at its next time',
  waits: 'waits for another answer of yours',
  ended: 'does not run again',
  recorded: null,
};

/** "29 Nov 2026, 06:03 UTC": the page has no script, so it does not know the zone of its reader. */
const timeText = (at: Date): string =>
  `${at.toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' })} UTC`;
