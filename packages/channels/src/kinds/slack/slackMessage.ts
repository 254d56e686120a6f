import { needsWords, truncated } from '@everbeat/domain';
import type { ChannelAction, ChannelMessage } from '../../port';
import {
  aboutOf,
  asksMoreThanShown,
  CUT_NOTE,
  labelOf,
  leftText,
  linesOf,
  OPEN_LABEL,
  type Telling,
  titleOf,
} from '../../text/parts';
import { plainOfMarkdown } from '../../text/plain';

/** Slack's limits, in characters. */
const HEADER_CHARS_MAX = 150;
const SECTION_CHARS_MAX = 3_000;
const FALLBACK_CHARS_MAX = 500;
const BUTTON_CHARS_MAX = 75;
const ROOM = { title: HEADER_CHARS_MAX, text: SECTION_CHARS_MAX, label: BUTTON_CHARS_MAX };
const LINK_SPACE = '  ·  ';

interface SlackText {
  type: 'plain_text' | 'mrkdwn';
  text: string;
  emoji?: false;
  verbatim?: true;
}

interface SlackButton {
  type: 'button';
  text: SlackText;
  /** Different for each button of a message. */
  action_id: string;
  /** What Slack sends to this server when it is pressed. */
  value?: string;
  /** The page that it opens. */
  url?: string;
}

interface SlackBlock {
  type: 'header' | 'section' | 'context' | 'actions';
  text?: SlackText;
  elements?: (SlackText | SlackButton)[];
}

interface SlackMessage {
  text: string;
  mrkdwn: false;
  unfurl_links: false;
  unfurl_media: false;
  blocks: SlackBlock[];
}

/**
 * The body of a message. Text of others stands in `plain_text`, where nothing is a link or a mention. Without
 * an app that reports to this server the answers are links and no buttons: Slack shows a warning beside a
 * button that nobody takes, also one that is a link.
 */
export function slackMessage(
  message: ChannelMessage,
  { takesPresses = false, outcome }: Telling = {},
): SlackMessage {
  const title = titleOf(message);
  const text = plainOfMarkdown(message.text);
  const actions = outcome === undefined ? message.actions : [];
  const isPart = takesPresses && actions.length > 0 && asksMoreThanShown(message, text, ROOM);
  return {
    // For notifications and old clients.
    text: escapeSlack(truncated(`${title} – ${aboutOf(message)}`, FALLBACK_CHARS_MAX)),
    mrkdwn: false,
    unfurl_links: false,
    unfurl_media: false,
    blocks: [
      { type: 'header', text: plainText(title, HEADER_CHARS_MAX) },
      note(aboutOf(message)),
      ...(text === '' ? [] : [section(plainText(text, SECTION_CHARS_MAX))]),
      ...digestSections(message),
      ...(outcome === undefined ? [] : [note(outcome)]),
      ...(isPart ? [note(CUT_NOTE)] : []),
      takesPresses ? buttons(actions, message.url, isPart) : linkSection(actions, message.url),
    ],
  };
}

function linkSection(actions: readonly ChannelAction[], openUrl: string): SlackBlock {
  const links = [
    ...actions.map(({ label, url }) => slackLink(url, labelOf(label))),
    slackLink(openUrl, OPEN_LABEL),
  ];
  return section(mrkdwn(fit(links, LINK_SPACE).join(LINK_SPACE)));
}

/** `areLinks`: none of them answers at once. */
function buttons(actions: readonly ChannelAction[], openUrl: string, areLinks: boolean): SlackBlock {
  const button = (label: string, number: number, more: { value: string } | { url: string }): SlackButton => ({
    type: 'button',
    action_id: `option-${number}`,
    ...more,
    text: plainText(labelOf(label), BUTTON_CHARS_MAX),
  });
  const options = actions.map(({ key, label, token, url }, number) =>
    // The page of its link has a field for words.
    button(label, number, areLinks || needsWords({ key }) ? { url } : { value: token }),
  );
  return { type: 'actions', elements: [...options, button(OPEN_LABEL, actions.length, { url: openUrl })] };
}

/** The lines of a digest, each a link, as many as there is room for. */
function digestSections(message: ChannelMessage): SlackBlock[] {
  const { shown, left } = linesOf(message);
  if (shown.length === 0) return [];
  const lines = shown.map(({ title, url }) => `• ${slackLink(url, title)}`);
  const fitting = fit(lines, '\n');
  const rest = leftText(left + lines.length - fitting.length);
  return [section(mrkdwn(fitting.join('\n'))), ...(rest === '' ? [] : [note(rest)])];
}

const section = (text: SlackText): SlackBlock => ({ type: 'section', text });

const note = (text: string): SlackBlock => ({
  type: 'context',
  elements: [plainText(text, SECTION_CHARS_MAX)],
});

/** Whole parts, as many as fit into a section: a link that is cut in two is none. */
function fit(parts: readonly string[], between: string): string[] {
  let chars = 0;
  return parts.filter((part) => {
    chars += part.length + between.length;
    return chars <= SECTION_CHARS_MAX;
  });
}

const plainText = (text: string, charsMax: number): SlackText => ({
  type: 'plain_text',
  text: truncated(text, charsMax),
  // `:name:` stays as it was written.
  emoji: false,
});

/**
 * A text whose only links are our own. `verbatim`: names and addresses in it are not linked by themselves.
 */
const mrkdwn = (text: string): SlackText => ({ type: 'mrkdwn', text, verbatim: true });

/** In Slack's text only these three characters begin a link, a mention or an entity. */
export const escapeSlack = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const slackLink = (url: string, label: string): string =>
  `<${escapeSlack(url).replaceAll('|', '%7C')}|${escapeSlack(label).replaceAll('|', '¦')}>`;
