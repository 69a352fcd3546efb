import type { EnteringRole } from "../../tenancy/context.ts";

/** Makes something once for each role that asks, and keeps it as long as what it is made of lives. */
export function keptByRole<Of extends object, More extends unknown[], Made>(
  make: (of: Of, role: EnteringRole, ...more: More) => Made,
): (of: Of, role: EnteringRole, ...more: More) => Made {
  const kept = new WeakMap<Of, Map<EnteringRole, Made>>();
  return (of, role, ...more) => {
    const byRole = kept.get(of) ?? new Map<EnteringRole, Made>();
    kept.set(of, byRole);
    const made = byRole.get(role) ?? make(of, role, ...more);
    byRole.set(role, made);
    return made;
  };
}
