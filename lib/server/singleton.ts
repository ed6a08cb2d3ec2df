import "server-only";

/**
 * One value for the whole process. Next bundles a module once for each entry (routes, instrumentation), so a
 * module-level variable is not one for the process; a slot on globalThis is.
 */
export function singleton<T>(name: string, make: () => T): T {
  const slots = globalThis as unknown as { sluiceSingletons?: Map<string, unknown> };
  slots.sluiceSingletons ??= new Map();
  if (!slots.sluiceSingletons.has(name)) slots.sluiceSingletons.set(name, make());
  return slots.sluiceSingletons.get(name) as T;
}
