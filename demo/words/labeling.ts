/** Labeling projects beside the one that people work on: what is asked, and texts with their right answers. */
export const LABELING: readonly {
  name: string;
  instructions: string;
  status: "planning" | "active" | "on_hold" | "completed" | "cancelled";
  choices: readonly string[];
  texts: readonly (readonly [text: string, answer: string])[];
}[] = [
  {
    name: "How reviews sound",
    instructions: "Does the review sound glad, unhappy, or neither?",
    status: "completed",
    choices: ["Glad", "Unhappy", "Neither"],
    texts: [
      ["The lamp is lovely, and the light is warm.", "Glad"],
      ["Two scratches on the top, and nobody answers my mails.", "Unhappy"],
      ["It is a shelf. It holds books.", "Neither"],
      ["My favourite cushion of all time.", "Glad"],
      ["The drawer sticks since the first day.", "Unhappy"],
      ["Delivered on Tuesday, as announced.", "Neither"],
      ["I would buy this table again at once.", "Glad"],
      ["The colour is not at all like in the pictures.", "Unhappy"],
      ["It came in three parcels.", "Neither"],
      ["Beautiful work, thank you so much.", "Glad"],
      ["The second leg is shorter than the others.", "Unhappy"],
      ["The box was 40 cm wide.", "Neither"],
    ],
  },
  {
    name: "Which room is it",
    instructions: "For which room is the customer looking? Choose one.",
    status: "on_hold",
    choices: ["Kitchen", "Bedroom", "Office"],
    texts: [
      ["Something to put my knives on, about 40 cm long.", "Kitchen"],
      ["A lamp to read in bed without waking anyone.", "Bedroom"],
      ["I need a place for two screens and a printer.", "Office"],
      ["A rack for pans, above the stove.", "Kitchen"],
      ["Is there a chest for blankets?", "Bedroom"],
      ["Desks for a team of six.", "Office"],
    ],
  },
  {
    name: "Languages of mails",
    instructions: "In which language is the mail written?",
    status: "planning",
    choices: ["English", "German", "Spanish"],
    texts: [
      ["Where is my parcel?", "English"],
      ["Wann kommt der Tisch?", "German"],
      ["¿Cuándo llega la lámpara?", "Spanish"],
    ],
  },
  {
    name: "Photos that customers sent",
    instructions: "Called off: the photos were not ours to use.",
    status: "cancelled",
    choices: ["Damage", "Room"],
    texts: [
      ["A photo of a dented box.", "Damage"],
      ["A photo of a living room.", "Room"],
    ],
  },
];

export const REASONS = [
  "Read it once more: the writer complains.",
  "Neither one: it only says what happened.",
] as const;
