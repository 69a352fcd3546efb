/** Conversations: what they are about, and what was said, the person first. */
export const CONVERSATIONS: readonly {
  title: string;
  about: "general" | "project" | "customer" | "task";
  lines: readonly string[];
}[] = [
  {
    title: "A friendly answer about a late parcel",
    about: "general",
    lines: [
      "Write a short answer to a customer whose parcel is four days late.",
      "Of course. How about: “We are sorry that your parcel takes so long. It left us on Monday; we have asked the courier and write again tomorrow.”",
      "Good. A little shorter, please.",
      "“Sorry for the wait. We have asked the courier where your parcel is and write again tomorrow.”",
    ],
  },
  {
    title: "What is left to do for the bedside tables",
    about: "project",
    lines: [
      "What is still open in this project?",
      "Four cards: agree on the finish, build all forty, deliver, and set up. The sample waits for a review.",
    ],
  },
  {
    title: "Before the meeting with the hotel",
    about: "customer",
    lines: [
      "Sum up what we know about this customer.",
      "A hotel in Bergen, a customer for half a year. They like oak, ask for morning deliveries, and mean to furnish a second floor.",
    ],
  },
  {
    title: "How long may the drawing take",
    about: "task",
    lines: ["Is the estimate for this card realistic?", "Similar drawings took between six and nine hours, so yes."],
  },
];

export const TOOLS = [
  {
    name: "search_customers",
    description: "Finds customers by name, company or tag.",
    tool_type: "analysis",
    required_tier: undefined,
  },
  {
    name: "draft_content",
    description: "Writes a first draft of a piece of content.",
    tool_type: "automation",
    required_tier: "pro",
  },
  {
    name: "summarize_orders",
    description: "Adds up orders of a time and says what stands out.",
    tool_type: "analysis",
    required_tier: "basic",
  },
  {
    name: "search_projects",
    description: "Finds projects by name, or reads one by its id.",
    tool_type: "analysis",
    required_tier: undefined,
  },
  {
    name: "search_tasks",
    description: "Finds tasks of projects by title, project or state, or reads one by its id.",
    tool_type: "analysis",
    required_tier: undefined,
  },
] as const;
