/** The sections of a studio session, each as it was first and as it is. */
export const SECTIONS = {
  structuring: [
    { problem: "Guests find no lamp at their beds.", goals: [{ id: "rooms", text: "Furnish forty rooms" }] },
    {
      problem: "Guests find no lamp at their beds, and ask for one at the desk: about forty times a night in winter.",
      current_state: "One lamp a floor, lent by the desk. Half of them come back broken.",
      desired_solution:
        "A bedside table with a lamp of its own in each room, made so that it can be repaired in the house.",
      goals: [
        { id: "rooms", text: "Furnish forty rooms" },
        { id: "floors", text: "Deliver floor by floor" },
        { id: "repair", text: "Every part can be replaced with a screwdriver" },
      ],
      stakeholders: [
        { id: "manager", name: "Ingrid Solheim", role: "Hotel manager", interest: "Guests who come again" },
        { id: "rooms", name: "The housekeepers", role: "Work with it every day", interest: "Nothing that tips over" },
      ],
      constraints: [
        { id: "guests", text: "Guests stay while we build" },
        { id: "summer", text: "Ready before the summer" },
      ],
      success_measures: [
        { id: "calls", measure: "Calls for a lamp at the desk", target: "Fewer than five a night" },
        { id: "repairs", measure: "Repairs that leave the house", target: "None in the first year" },
      ],
    },
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

/** What a template begins with. */
export const TEMPLATE = {
  goals: [
    { id: "rooms", text: "Furnish the rooms of a floor" },
    { id: "guests", text: "Disturb no guest" },
  ],
  stakeholders: [{ id: "manager", name: "", role: "Hotel manager", interest: "" }],
  constraints: [{ id: "open", text: "The hotel stays open" }],
  success_measures: [{ id: "days", measure: "Days from the first room to the last", target: "" }],
};
