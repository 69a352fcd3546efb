import {
  Anchor,
  type AnchorProps,
  Button,
  type ButtonProps,
  NavLink,
  type NavLinkProps,
  Paper,
  type PaperProps,
} from "@mantine/core";
import { createLink } from "@tanstack/react-router";
import type { ComponentProps } from "react";

type Of<Props> = Props & Omit<ComponentProps<"a">, keyof Props>;

/** Mantine's links with the router's typed addresses. */
export const AnchorLink = createLink((props: Of<AnchorProps>) => <Anchor {...props} />);
export const ButtonLink = createLink((props: Of<ButtonProps>) => <Button component="a" {...props} />);
export const NavigationLink = createLink((props: Of<NavLinkProps>) => <NavLink component="a" {...props} />);
/** A card that is a link as a whole. */
export const CardLink = createLink((props: Of<PaperProps>) => (
  <Paper component="a" c="inherit" td="none" display="block" {...props} />
));
