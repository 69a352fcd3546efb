/** Client projects, each with the cards on its board; a card may have parts. */
export const PROJECTS: readonly {
  name: string;
  description: string;
  status: "planning" | "active" | "on_hold" | "completed" | "cancelled";
  priority: "low" | "medium" | "high" | "critical";
  cards: readonly { title: string; parts?: readonly string[] }[];
}[] = [
  {
    name: "Forty bedside tables",
    description: "Bedside tables for all rooms of the hotel, in oak, with a drawer and a hidden socket.",
    status: "active",
    priority: "high",
    cards: [
      { title: "Measure the rooms", parts: ["First floor", "Second floor", "Attic rooms"] },
      { title: "Draw the table" },
      { title: "Build a sample", parts: ["Order the oak", "Cut the joints"] },
      { title: "Agree on the finish" },
      { title: "Build all forty" },
      { title: "Deliver and set up" },
    ],
  },
  {
    name: "A counter for the café",
    description: "A new counter with room for the coffee machine, and shelves behind it.",
    status: "active",
    priority: "medium",
    cards: [
      { title: "Sketch three variants" },
      { title: "Check water and power" },
      { title: "Offer with prices", parts: ["Ask the stonemason", "Ask the electrician"] },
      { title: "Order the stone" },
      { title: "Build the frame" },
    ],
  },
  {
    name: "Winter window displays",
    description: "Displays for four shop windows, reusable for the next years.",
    status: "planning",
    priority: "medium",
    cards: [{ title: "Collect ideas" }, { title: "Photograph the windows" }, { title: "Plan the lighting" }],
  },
  {
    name: "Reading corner",
    description: "Shelves, two armchairs and a lamp for the corner by the window.",
    status: "completed",
    priority: "low",
    cards: [{ title: "Choose the armchairs" }, { title: "Build the shelves" }, { title: "Hang the lamp" }],
  },
  {
    name: "Desks for a growing office",
    description: "Twelve desks, adjustable in height, with cable trays.",
    status: "on_hold",
    priority: "high",
    cards: [
      { title: "Compare desk frames" },
      { title: "Test the noise of the motors" },
      { title: "Negotiate the volume price" },
    ],
  },
  {
    name: "Garden furniture",
    description: "Benches and tables for the terrace. Called off when the terrace was not permitted.",
    status: "cancelled",
    priority: "low",
    cards: [{ title: "Ask for the permit" }, { title: "Draw the benches" }],
  },
];

export const COMMENTS: readonly string[] = [
  "The drawing is in the folder. Please have a look before Thursday.",
  "Looks good to me. Only the edge could be a little rounder.",
  "The supplier says two weeks. I have asked for a firm date.",
  "Done. I have left the offcuts in the workshop.",
  "Can we move this behind the sample? They want to touch it first.",
  "I will be on site on Friday and take the measures then.",
];

export const WORK: readonly string[] = [
  "Drawing",
  "On site",
  "Workshop",
  "Calls with the supplier",
  "Planning",
  "Finishing",
];
