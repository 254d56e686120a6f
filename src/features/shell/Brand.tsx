import Link from 'next/link';

export function Brand() {
  return (
    <Link href="/" className="flex w-fit items-center gap-2.5 rounded-md">
      <svg aria-hidden="true" viewBox="0 0 32 32" fill="none" className="size-8">
        <rect width="32" height="32" rx="9" fill="var(--color-accent)" />
        <path
          d="M4.5 17.5h6l2.2-4.4 3.6 10 4-15.6 2.9 10h4.3"
          stroke="var(--color-on-accent)"
          strokeWidth="2.3"
          strokeLinecap="round"
          strokeLinejoin="round"
        />
      </svg>
      <span className="text-lg font-semibold tracking-tight">Everbeat</span>
    </Link>
  );
}
