import type { Metadata } from 'next';
import Link from 'next/link';
import { buttonVariants } from '@/components/ui/button';

export const metadata: Metadata = { title: 'Not found' };

export default function NotFound() {
  return (
    <div className="mx-auto max-w-md py-20 text-center">
      <h1 className="text-2xl font-semibold tracking-tight">There is no such page</h1>
      <p className="mt-2 text-muted">The address may be mistyped, or the page may have been deleted.</p>
      <Link href="/" className={`${buttonVariants({ variant: 'primary' })} mt-6`}>
        Go to the inbox
      </Link>
    </div>
  );
}
