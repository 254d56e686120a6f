import { PasswordGuard } from '../services/system/wrongPasswords';

export function passwordGuard(): PasswordGuard {
  globalThis.everbeatPasswordGuard ??= new PasswordGuard(
    () => new Date(),
    (ms) => new Promise((resolve) => setTimeout(resolve, ms).unref()),
  );
  return globalThis.everbeatPasswordGuard;
}
