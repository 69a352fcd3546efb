import { useLocation } from "@tanstack/react-router";
import { useEffect, useState } from "react";

/**
 * The token that a mail's link carries behind the `#`, where no server and no log sees it. It is taken out of the address, so
 * that it does not stay in the browser's history. Another link that is opened in the same window counts from then on.
 */
export function useMailToken(): string {
  const hash = useLocation({ select: (location) => location.hash });
  const [token, setToken] = useState(hash);
  if (hash !== "" && hash !== token) setToken(hash);
  useEffect(() => {
    const { pathname, search } = window.location;
    if (hash !== "") window.history.replaceState(window.history.state, "", `${pathname}${search}`);
  }, [hash]);
  return token;
}
