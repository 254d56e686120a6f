import { z } from 'zod';
import { defineChannelKind } from '../../defineChannelKind';
import { ChannelError } from '../../port';
import { mailOf } from './mail';
import { sendMail } from './sendMail';

const NOT_SET_UP =
  'This server sends no e-mail yet. Its operator sets SMTP_URL (such as smtps://user:password@mail.example.com) and MAIL_FROM.';

/** Sends a mail by the operator's mail server. */
export const emailKind = defineChannelKind({
  kind: 'email',
  label: 'E-mail',
  configSchema: z.strictObject({ to: z.email().max(254) }),
  secretFields: [],
  // Mail servers take a mail with an id that they know once more.
  isIdempotent: false,
  async send({ to }, message, { smtp, signal }) {
    if (smtp === null) throw new ChannelError('needs-person', NOT_SET_UP);
    return await sendMail(mailOf(message, { to, from: smtp.from }), { smtpUrl: smtp.url, signal });
  },
});
