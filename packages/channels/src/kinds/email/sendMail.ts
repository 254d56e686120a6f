import { PassThrough } from 'node:stream';
import { truncated } from '@everbeat/domain';
import { isLocalName, redact, writtenForms } from '@everbeat/outgoing';
import { createTransport } from 'nodemailer';
import { z } from 'zod';
import { ChannelError, type SentMessage } from '../../port';
import { cleanLine } from '../../text/text';
import type { Mail } from './mail';

/** The time for each phase of the conversation; the whole attempt is bounded by the signal. */
const PHASE_MS_MAX = 10_000;

/**
 * Hands one mail to a mail server (nodemailer). A password is sent to another machine only over TLS, unless
 * the address of the server says `requireTLS=false`.
 * @throws ChannelError
 */
export async function sendMail(
  { headers, ...mail }: Mail,
  { smtpUrl, signal }: { smtpUrl: string; signal: AbortSignal },
): Promise<SentMessage> {
  const server = serverOf(smtpUrl);
  const transport = createTransport({
    url: smtpUrl,
    ...(server.needsTls ? { requireTLS: true } : {}),
    connectionTimeout: PHASE_MS_MAX,
    greetingTimeout: PHASE_MS_MAX,
    dnsTimeout: PHASE_MS_MAX,
    socketTimeout: PHASE_MS_MAX,
    socketCloseTimeout: 0,
    // Nothing of a message is a path or an address that is to be read.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  let isHandedOver = false;
  transport.use('stream', (built, done) => {
    built.message.transform(() => {
      isHandedOver = true;
      return new PassThrough();
    });
    done();
  });
  try {
    const sent = await transport.sendMail({ ...mail, headers, signal });
    return { externalId: sent.messageId };
  } catch (error) {
    throw mailError(error, { server, mayHaveArrived: isHandedOver, to: mail.to });
  } finally {
    transport.close();
  }
}

interface MailServer {
  host: string;
  password: string;
  needsTls: boolean;
}

/** @throws ChannelError, where the operator's setting is no address of a mail server */
function serverOf(smtpUrl: string): MailServer {
  if (!URL.canParse(smtpUrl) || !/^smtps?:$/.test(new URL(smtpUrl).protocol)) {
    throw new ChannelError(
      'needs-person',
      'SMTP_URL is not an address of a mail server, such as smtps://user:password@mail.example.com. Its operator corrects it.',
    );
  }
  const { hostname, username, password, searchParams } = new URL(smtpUrl);
  const isOwnMachine = isLocalName(hostname) || /^(127\.|\[::1\]$)/.test(hostname);
  return {
    host: hostname,
    password: decoded(password),
    needsTls: username !== '' && !isOwnMachine && searchParams.get('requireTLS') !== 'false',
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** As much of an error of nodemailer as is read. */
const smtpErrorSchema = z.object({
  code: z.string().default(''),
  /** The error code of the system, such as ECONNREFUSED. */
  originalCode: z.string().default(''),
  command: z.string().default(''),
  response: z.string().default(''),
  responseCode: z.number().default(0),
});

const SAID_CHARS_MAX = 300;

interface Failed {
  server: MailServer;
  /** Whether the mail was on its way when the failure came. */
  mayHaveArrived: boolean;
  to: string;
}

function mailError(error: unknown, { server, mayHaveArrived, to }: Failed): ChannelError {
  const { code, originalCode, command, response, responseCode } = smtpErrorSchema
    .catch(NO_DETAILS)
    .parse(error);
  const said = redact(truncated(cleanLine(response), SAID_CHARS_MAX), writtenForms(server.password));
  const what = said === '' ? `(${originalCode || code || 'no answer'})` : `(${said})`;
  const needsPerson = (message: string) => new ChannelError('needs-person', message);
  if (responseCode >= 400 && responseCode < 500) {
    return new ChannelError('transient', `The mail server ${server.host} cannot take the mail now ${what}.`);
  }
  if (code === 'EAUTH' || code === 'ENOAUTH') {
    return needsPerson(
      `The mail server ${server.host} refuses the login ${what}. The operator checks the name and the password in SMTP_URL.`,
    );
  }
  if (
    code === 'ETLS' ||
    /^(CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|ERR_TLS_|ERR_SSL_)/.test(originalCode)
  ) {
    return needsPerson(
      `There is no trusted encryption with the mail server ${server.host} ${what}. The operator checks SMTP_URL: smtps:// for port 465, smtp:// for 587, and the name that its certificate is for.`,
    );
  }
  if (responseCode >= 500) return refusedMail({ command, what, to, host: server.host });
  if (code === 'EENVELOPE')
    return needsPerson(`${to} is not an address that mail can be sent to. Edit the channel.`);
  return new ChannelError(
    'transient',
    `The mail server ${server.host} could not be reached, or did not answer to the end ${what}. It is tried again.`,
    { mayHaveArrived },
  );
}

const NO_DETAILS = { code: '', originalCode: '', command: '', response: '', responseCode: 0 };

function refusedMail({
  command,
  what,
  to,
  host,
}: {
  command: string;
  what: string;
  to: string;
  host: string;
}) {
  if (command === 'RCPT TO') {
    return new ChannelError(
      'needs-person',
      `The mail server ${host} does not take mail for ${to} ${what}. Check the address.`,
    );
  }
  if (command === 'DATA') {
    return new ChannelError('refused', `The mail server ${host} refused this mail ${what}.`);
  }
  return new ChannelError(
    'needs-person',
    `The mail server ${host} refuses mail of this server ${what}. The operator checks SMTP_URL and MAIL_FROM.`,
  );
}
