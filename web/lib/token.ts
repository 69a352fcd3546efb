import { useState } from "react";

/**
 * The token that a mail's link carries behind the `#`, where no server and no log sees it. It is taken out of the address, so
 * that it does not stay in the browser's history.
 */
export function useMailToken(): string {
  const [token] = useState(() => window.location.hash.slice(1));
  if (window.location.hash !== "") window.history.replaceState(window.history.state, "", window.location.pathname);
  return token;
}
