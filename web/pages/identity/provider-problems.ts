/** What the sign-in page says of a problem that came back from a provider, by its code in the address. */
export const PROVIDER_PROBLEMS: Record<string, string> = {
  provider_refused: "The provider did not confirm who you are. Try again, or sign in another way.",
  provider_unavailable: "The provider does not answer. Try again in a moment, or sign in another way.",
  link_needed:
    "An account with your address exists already. Sign in to it as usual, then connect the provider in your account.",
  no_account: "You have no account here yet. Create one, or ask for an invitation.",
  already_linked: "This sign-in belongs to another account already.",
  expired: "That took too long. Start again.",
  signed_out: "You were signed out. Sign in, then connect the provider in your account.",
  proof_needed: "To connect a provider, sign in once more, then connect it in your account within 15 minutes.",
};
