/** Tells the parent process where this one listens, and its CPU time when asked; ends with it. */
export function tell(address: string): void {
  process.send?.({ address });
  process.on("message", () => process.send?.({ cpu: process.cpuUsage() }));
  process.on("disconnect", () => process.exit());
}
