'use client';

import { useSystemStatus } from '@/features/system/useSystemStatus';

/** Without a mail server, no address is reached: that is said before one is typed. */
export function NoMailServer() {
  const { data: status } = useSystemStatus();
  if (status?.mailConfigured !== false) return null;
  return (
    <p role="status" className="rounded-xl bg-warn-soft px-4 py-3 text-sm">
      This server sends no e-mail yet. Whoever runs it sets <code>SMTP_URL</code> and <code>MAIL_FROM</code>{' '}
      and starts it again; until then nothing arrives.
    </p>
  );
}
