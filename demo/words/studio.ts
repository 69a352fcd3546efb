/** The sections of a studio session, each as it was first and as it is. */
export const SECTIONS = {
  structuring: [
    { goals: ["Furnish forty rooms"] },
    { goals: ["Furnish forty rooms", "Deliver floor by floor"], constraints: ["Guests stay while we build"] },
  ],
  sow: [
    { deliverables: ["Forty bedside tables"] },
    { deliverables: ["Forty bedside tables", "A sample room", "Care instructions"], excluded: ["Electrical work"] },
  ],
  loe: [
    { days: { design: 6, workshop: 40 } },
    { days: { design: 8, workshop: 46, delivery: 5 }, rate: 64_000, currency: "EUR" },
  ],
  diagrams: [
    { mermaid: "graph LR; Draw --> Build" },
    { mermaid: "graph LR; Measure --> Draw --> Sample --> Build --> Deliver" },
  ],
  assets: [{ files: [] }, { files: [{ name: "table-front.svg" }, { name: "room-plan.pdf" }] }],
} as const;
