import { z } from 'zod';
import { answerError, MAY_HAVE_ARRIVED, TRIED_AGAIN } from '../../http/answerError';
import { post } from '../../http/post';
import { readJson } from '../../http/readJson';
import { type ChannelContext, ChannelError } from '../../port';

const SLACK = 'https://slack.com';

interface SlackCall {
  botToken: string;
  apiUrl: string | undefined;
  method: 'chat.postMessage' | 'chat.update';
  body: object;
}

const answerSchema = z.object({
  ok: z.boolean(),
  error: z.string().max(100).regex(/^\w+$/).catch('unknown_error'),
});

/**
 * One call of the Web API (https://docs.slack.dev/apis/web-api), which answers refusals with status 200, too.
 * @returns its answer @throws ChannelError; the signal's reason
 */
export async function callSlack<T>(
  { botToken, apiUrl = SLACK, method, body }: SlackCall,
  resultSchema: z.ZodType<T>,
  context: ChannelContext,
): Promise<T> {
  const url = `${apiUrl.replace(/\/+$/, '')}/api/${method}`;
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    authorization: `Bearer ${botToken}`,
  };
  const answer = await post({ url, headers, body: JSON.stringify(body) }, context);
  if (answer.status !== 200) throw answerError(answer, { remedy: REMEDY });
  const read = readJson(answer.text, answerSchema);
  const result = readJson(answer.text, resultSchema);
  if (read?.ok === true && result !== null) return result;
  if (read?.ok !== false) {
    throw new ChannelError('transient', `${answer.host} sent an answer that is none of Slack's Web API.`, {
      mayHaveArrived: true,
    });
  }
  throw slackError(read.error);
}

const REMEDY = 'Check the address of the Slack server.';

const REMEDIES: Readonly<Record<string, string>> = {
  not_in_channel: 'Invite the app to the channel: write /invite and its name there.',
  channel_not_found: 'Check the channel, and invite the app to it: write /invite and its name there.',
  is_archived: 'The channel is archived: choose another one.',
  missing_scope: 'Give the app the scope chat:write under OAuth & Permissions, and install it again.',
  not_authed: 'Enter the Bot User OAuth Token of the app.',
  invalid_auth: 'The token is refused: copy the Bot User OAuth Token of the app again.',
  token_revoked: 'The token was revoked: install the app again, and copy its new token.',
  token_expired: 'The token has expired: switch off token rotation, or copy a new one.',
  account_inactive: 'The app was removed from the workspace: install it again, and copy its new token.',
  restricted_action: 'The workspace does not let the app write there: ask its administrator.',
};
const TRANSIENT = /^(ratelimited|rate_limited|service_unavailable|request_timeout)$/;
/** Slack says of both that some of the call may have been done before the fault. */
const MAYBE_DONE = /^(internal_error|fatal_error)$/;

function slackError(error: string): ChannelError {
  const remedy = REMEDIES[error];
  if (remedy !== undefined) return new ChannelError('needs-person', `Slack answered: ${error}. ${remedy}`);
  if (MAYBE_DONE.test(error)) {
    const what = `Slack answered: ${error}. ${MAY_HAVE_ARRIVED}`;
    return new ChannelError('transient', what, { mayHaveArrived: true });
  }
  if (TRANSIENT.test(error)) {
    return new ChannelError('transient', `Slack answered: ${error}. ${TRIED_AGAIN}`);
  }
  return new ChannelError('refused', `Slack answered: ${error}. This message is not sent.`);
}
