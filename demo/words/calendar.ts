export const APPOINTMENTS: readonly { title: string; location?: string; meeting_url?: string }[] = [
  { title: "Look at the rooms together", location: "At the customer's" },
  { title: "Choose the fabric", location: "Showroom, first floor" },
  { title: "Talk about the offer", meeting_url: "https://meet.example/offer" },
  { title: "Take the measures", location: "At the customer's" },
  { title: "Handing over", location: "At the customer's" },
  { title: "First call", meeting_url: "https://meet.example/first-call" },
];
